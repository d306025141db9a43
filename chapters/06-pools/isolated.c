/* SPDX-License-Identifier: MIT */
/*
 * isolated.c - the same two parts of a program, of which one has a pool of
 * its own
 */
#include "must.h"

enum { PICTURES = 8 };

static HANDLE answered;

static VOID CALLBACK
draw(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	compute(20);
}

static VOID CALLBACK
answer_click(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	SetEvent(answered);
}

int
main(void)
{
	PTP_POOL pool = new_pool(0, 2);
	TP_CALLBACK_ENVIRON for_pictures = leading_to(pool);
	PTP_WORK thumbnails[PICTURES], click;

	answered = new_gate();
	click = new_work(answer_click, NULL, NULL);
	for (int i = 0; i < PICTURES; i++) {
		thumbnails[i] = new_work(draw, NULL, &for_pictures);
		SubmitThreadpoolWork(thumbnails[i]);
	}
	Sleep(5);
	SubmitThreadpoolWork(click);
	await(answered);
	puts("the click is answered");
	for (int i = 0; i < PICTURES; i++)
		finish(thumbnails[i]);
	CloseThreadpool(pool);
	finish(click);
	puts("all thumbnails are drawn");
	return 0;
}
