/* SPDX-License-Identifier: MIT */
/*
 * flood.c - two parts of a program share a pool, and one of them floods it
 *
 * Eight thumbnails have to be computed, 20 ms each. Somebody clicks at 5 ms.
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
	PTP_WORK thumbnails[PICTURES], click;

	setting("TP_PROCESSORS", "2");
	answered = new_gate();
	click = new_work(answer_click, NULL, NULL);
	for (int i = 0; i < PICTURES; i++) {
		thumbnails[i] = new_work(draw, NULL, NULL);
		SubmitThreadpoolWork(thumbnails[i]);
	}
	Sleep(5);
	SubmitThreadpoolWork(click);
	await(answered);
	puts("the click is answered");
	for (int i = 0; i < PICTURES; i++)
		finish(thumbnails[i]);
	finish(click);
	puts("all thumbnails are drawn");
	return 0;
}
