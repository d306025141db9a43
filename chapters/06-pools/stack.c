/* SPDX-License-Identifier: MIT */
/*
 * stack.c - how large the stacks of a pool's threads are
 */
#include "must.h"

enum {
	KIB = 1024,
	FRAME = 64 * KIB,
#ifdef _WIN32
	FRAMES = 8	/* Wine 8.0 keeps the sizes, and does not use them */
#else
	FRAMES = 160	/* 10 MiB */
#endif
};

/* Uses so many frames of stack, and returns how many it was. */
static int
dig(int frames)
{
	volatile char frame[FRAME];

	frame[0] = frame[FRAME - 1] = 1;
	return frames == 1 ? 1 : dig(frames - 1) + frame[0];
}

static VOID CALLBACK
dig_deep(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)work;
	*(int *)context = dig(FRAMES);
}

static void
show(PTP_POOL pool)
{
	TP_POOL_STACK_INFORMATION stack;

	must(QueryThreadpoolStackInformation(pool, &stack), "Query");
	printf("reserve %lu, commit %lu\n",
		(unsigned long)stack.StackReserve,
		(unsigned long)stack.StackCommit);
}

int
main(void)
{
	PTP_POOL pool = new_pool(0, 1);
	TP_CALLBACK_ENVIRON environment = leading_to(pool);
	TP_POOL_STACK_INFORMATION one_byte = { 1, 1 };
	TP_POOL_STACK_INFORMATION large = { 16 * 1024 * KIB, 64 * KIB };
	PTP_WORK work;
	int frames = 0;

	must(SetThreadpoolStackInformation(pool, &one_byte), "Set");
	show(pool);
	must(SetThreadpoolStackInformation(pool, &large), "Set");
	show(pool);
	work = new_work(dig_deep, &frames, &environment);	/* a thread */
	SubmitThreadpoolWork(work);
	finish(work);
	CloseThreadpool(pool);
	must(frames == FRAMES, "as deep as it should");
	puts("a callback has dug deep into it");
	return 0;
}
