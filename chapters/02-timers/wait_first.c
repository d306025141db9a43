/* SPDX-License-Identifier: MIT */
/*
 * wait_first.c - the right three calls, two of them in the wrong order
 *
 * explore: must=misuse races=off
 */
#include "must.h"

struct window {
	LONG hands;		/* drawn so often */
};

static VOID CALLBACK
draw_hands(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct window *window = context;

	(void)instance, (void)timer;
	window->hands++;
}

int
main(void)
{
	struct window *window = calloc(1, sizeof(*window));
	PTP_TIMER clock = new_timer(draw_hands, window);
	FILETIME due = in_ms(20);

	must(window != NULL, "calloc");
	SetThreadpoolTimer(clock, &due, 20, 0);
	Sleep(20);
	WaitForThreadpoolTimerCallbacks(clock, TRUE);
	SetThreadpoolTimer(clock, NULL, 0, 0);	/* that was too late */
	CloseThreadpoolTimer(clock);
	free(window);
	Sleep(20);
	return 0;
}
