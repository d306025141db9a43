/* program.c - members are created while the members are being closed */
/* SPDX-License-Identifier: MIT */
/*
 * What can be in its log? The pool has one thread, and it is there from the
 * start. The last call finds whatever the first has left, and lets it run.
 */
#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

#include "program.h"

static TP_CALLBACK_ENVIRON environment;
static unsigned first = 1, second = 2;	/* the members' contexts */

static void
must(BOOL ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s failed\n", what);
	exit(1);
}

static VOID CALLBACK
callback(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	log_runs(*(unsigned *)context);
}

static VOID CALLBACK
cancelled(PVOID context, PVOID cleanup_context)
{
	(void)cleanup_context;
	log_cancelled(*(unsigned *)context);
}

static DWORD WINAPI
create(PVOID unused)
{
	(void)unused;
	must(TrySubmitThreadpoolCallback(callback, &first, &environment),
		"TrySubmitThreadpoolCallback");
	must(TrySubmitThreadpoolCallback(callback, &second, &environment),
		"TrySubmitThreadpoolCallback");
	return 0;
}

static void
create_while_closing(PTP_CLEANUP_GROUP group)
{
	HANDLE creator = CreateThread(NULL, 0, create, NULL, 0, NULL);

	must(creator != NULL, "CreateThread");
	CloseThreadpoolCleanupGroupMembers(group, TRUE, NULL);
	log_closed();

	WaitForSingleObject(creator, INFINITE);
	CloseHandle(creator);
	CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
	log_end();
}

void
program(void)
{
	PTP_POOL pool = CreateThreadpool(NULL);
	PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();

	must(pool != NULL && group != NULL, "creating the pool or the group");
	SetThreadpoolThreadMaximum(pool, 1);
	must(SetThreadpoolThreadMinimum(pool, 1),
		"SetThreadpoolThreadMinimum");
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	SetThreadpoolCallbackCleanupGroup(&environment, group, cancelled);
	create_while_closing(group);
	CloseThreadpoolCleanupGroup(group);
	DestroyThreadpoolEnvironment(&environment);
	CloseThreadpool(pool);
}
