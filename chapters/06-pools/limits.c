/* SPDX-License-Identifier: MIT */
/*
 * limits.c - the maximum is changed while callbacks run and others wait
 */
#include "must.h"

#ifndef _WIN32

static HANDLE first_begun, three_begun, gate;
static LONG begun;		/* callbacks ever; Interlocked only */
static LONG inside;		/* callbacks; Interlocked only */

static VOID CALLBACK
pass(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	LONG now = InterlockedIncrement(&inside);
	LONG number = InterlockedIncrement(&begun);

	(void)instance, (void)context, (void)work;
	if (number == 1)
		SetEvent(first_begun);
	if (number == 3)
		SetEvent(three_begun);
	must(number <= 3 || now == 1, "one at a time, after the third");
	await(gate);
	InterlockedDecrement(&inside);
}

int
main(void)
{
	PTP_POOL pool = new_pool(0, 1);
	TP_CALLBACK_ENVIRON environment = leading_to(pool);
	PTP_WORK work = new_work(pass, NULL, &environment);

	first_begun = new_gate();
	three_begun = new_gate();
	gate = new_gate();
	for (int i = 0; i < 5; i++)
		SubmitThreadpoolWork(work);
	await(first_begun);
	puts("maximum 1: one runs, four wait");
	SetThreadpoolThreadMaximum(pool, 3);
	await(three_begun);
	puts("maximum 3: two more have begun, though nobody has posted");
	SetThreadpoolThreadMaximum(pool, 1);
	must(inside == 3, "nobody is thrown out");
	puts("maximum 1: the three are still there");
	SetEvent(gate);
	finish(work);
	CloseThreadpool(pool);
	must(begun == 5, "all have run");
	puts("the last two ran one after the other");
	return 0;
}

#else

int
main(void)
{
	puts("not on Windows: what happens then is not known there");
	return 0;
}
#endif
