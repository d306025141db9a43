/* SPDX-License-Identifier: MIT */
/*
 * asks.c - one_more.c again, and main asks why nothing goes on
 *
 * When a decorator says that it has begun, it waits already: that is one
 * step. So what is asked then has one answer.
 */
#include "must.h"

#include "dump.h"

enum { DECORATORS = 2 };

static HANDLE begun, baked;

static VOID CALLBACK
decorate(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	SignalObjectAndWait(begun, baked, INFINITE, FALSE);
}

static VOID CALLBACK
bake(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
}

static void
ask(const char *verb, const void *address, int flags)
{
	char command[64];

	snprintf(command, sizeof(command), "%s %#llx %d", verb,
		(unsigned long long)(uintptr_t)address, flags);
	printf("-- %s\n", verb);
	must(tp_dump_command(stdout, command) == 0, command);
}

int
main(void)
{
	TP_CALLBACK_ENVIRON environment;
	PTP_POOL pool = new_pool(&environment, DECORATORS);
	PTP_WORK decorating = new_work(decorate, NULL, &environment);
	PTP_WORK baking = new_work(bake, NULL, &environment);

	begun = CreateSemaphore(NULL, 0, DECORATORS, NULL);
	baked = CreateEventA(NULL, TRUE, FALSE, "baked");
	must(begun != NULL && baked != NULL, "Create");
	for (int i = 0; i < DECORATORS; i++) {
		SubmitThreadpoolWork(decorating);
		WaitForSingleObject(begun, INFINITE);
	}
	SubmitThreadpoolWork(baking);
	ask("work", NULL, 1);
	ask("waiter", NULL, 1);
	ask("wqueue", pool, 2);
	SetEvent(baked);
	finish(decorating);
	finish(baking);
	CloseThreadpool(pool);
	CloseHandle(baked);
	CloseHandle(begun);
	return 0;
}
