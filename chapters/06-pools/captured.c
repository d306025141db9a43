/* SPDX-License-Identifier: MIT */
/*
 * captured.c - an object keeps what the environment said at its creation
 *
 * One environment, two pools of one thread each. After both objects have
 * been made, nothing is left of the environment.
 */
#include "must.h"

struct part {
	PTP_WORK work;
	DWORD thread;		/* on which its callback ran last */
};

static VOID CALLBACK
note_thread(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct part *part = context;

	(void)instance, (void)work;
	part->thread = GetCurrentThreadId();
}

static DWORD
thread_of(struct part *part)
{
	SubmitThreadpoolWork(part->work);
	WaitForThreadpoolWorkCallbacks(part->work, FALSE);
	return part->thread;
}

int
main(void)
{
	PTP_POOL pool_1 = new_pool(1, 1), pool_2 = new_pool(1, 1);
	TP_CALLBACK_ENVIRON environment = leading_to(pool_1);
	struct part first, second;
	DWORD before;

	first.work = new_work(note_thread, &first, &environment);
	before = thread_of(&first);
	SetThreadpoolCallbackPool(&environment, pool_2);
	second.work = new_work(note_thread, &second, &environment);
	DestroyThreadpoolEnvironment(&environment);
	memset(&environment, 0xCC, sizeof(environment));
	must(thread_of(&second) != before, "the second is in pool 2");
	must(thread_of(&first) == before, "the first is where it was");
	puts("the first object is in pool 1 and stays there");
	puts("the second, made with the same environment, is in pool 2");
	finish(first.work);
	finish(second.work);
	CloseThreadpool(pool_1);
	CloseThreadpool(pool_2);
	return 0;
}
