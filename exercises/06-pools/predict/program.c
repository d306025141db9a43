/* program.c - three objects, two pools, and one environment */
/* SPDX-License-Identifier: MIT */
/*
 * What can be in its log? Both pools have one thread, and it is there from
 * the start.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "threadpool.h"

#include "program.h"

#define OBJECTS 3

static unsigned numbers[OBJECTS] = { 0, 1, 2 };

static void
must(BOOL ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s failed\n", what);
	exit(1);
}

static VOID CALLBACK
callback(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	log_begins(*(unsigned *)context);
	log_ends(*(unsigned *)context);
}

static PTP_POOL
pool_of_one(void)
{
	PTP_POOL pool = CreateThreadpool(NULL);

	must(pool != NULL, "CreateThreadpool");
	SetThreadpoolThreadMaximum(pool, 1);
	must(SetThreadpoolThreadMinimum(pool, 1),
		"SetThreadpoolThreadMinimum");
	return pool;
}

static PTP_WORK
new_work(unsigned i, PTP_CALLBACK_ENVIRON environment)
{
	PTP_WORK work = CreateThreadpoolWork(callback, &numbers[i],
		environment);

	must(work != NULL, "CreateThreadpoolWork");
	return work;
}

static void
create(PTP_WORK *works, PTP_POOL pool_1, PTP_POOL pool_2)
{
	TP_CALLBACK_ENVIRON environment;

	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool_1);
	SetThreadpoolCallbackPriority(&environment, TP_CALLBACK_PRIORITY_LOW);
	works[0] = new_work(0, &environment);
	SetThreadpoolCallbackPriority(&environment, TP_CALLBACK_PRIORITY_HIGH);
	works[1] = new_work(1, &environment);
	SetThreadpoolCallbackPool(&environment, pool_2);
	works[2] = new_work(2, &environment);
	DestroyThreadpoolEnvironment(&environment);
	memset(&environment, 0xCC, sizeof(environment));
}

void
program(void)
{
	PTP_POOL pool_1 = pool_of_one(), pool_2 = pool_of_one();
	PTP_WORK works[OBJECTS];

	create(works, pool_1, pool_2);
	for (int i = 0; i < OBJECTS; i++)
		SubmitThreadpoolWork(works[i]);
	for (int i = 0; i < OBJECTS; i++) {
		WaitForThreadpoolWorkCallbacks(works[i], FALSE);
		CloseThreadpoolWork(works[i]);
	}
	CloseThreadpool(pool_1);
	CloseThreadpool(pool_2);
	log_end();
}
