/* SPDX-License-Identifier: MIT */
/*
 * two_steps.c - a timer that expires in one step and posts in another
 *
 * A thread waits for a waitable timer, and then posts a work object: two
 * steps, with a gap in between. The end of it is done in the right order,
 * and does not help.
 *
 * explore: must=misuse
 */
#include "must.h"

struct window {
	LONG hands;		/* drawn so often */
};

static HANDLE alarm_clock;	/* a waitable timer */
static PTP_WORK drawing;

static VOID CALLBACK
draw_hands(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct window *window = context;

	(void)instance, (void)work;
	window->hands++;
}

static DWORD WINAPI
expire_and_post(PVOID unused)
{
	(void)unused;
	if (WaitForSingleObject(alarm_clock, 1000) == WAIT_OBJECT_0)
		SubmitThreadpoolWork(drawing);
	return 0;
}

int
main(void)
{
	struct window *window = calloc(1, sizeof(*window));
	LARGE_INTEGER due = { .QuadPart = -20 * 10000 };

	must(window != NULL, "calloc");
	drawing = CreateThreadpoolWork(draw_hands, window, NULL);
	alarm_clock = CreateWaitableTimer(NULL, FALSE, NULL);
	must(drawing != NULL && alarm_clock != NULL, "work and timer");
	must(CreateThread(NULL, 0, expire_and_post, NULL, 0, NULL) != NULL,
		"CreateThread");
	SetWaitableTimer(alarm_clock, &due, 0, NULL, NULL, FALSE);
	Sleep(20);
	CancelWaitableTimer(alarm_clock);	/* no more expiries */
	WaitForThreadpoolWorkCallbacks(drawing, TRUE);	/* no more calls? */
	free(window);
	Sleep(20);
	return 0;
}
