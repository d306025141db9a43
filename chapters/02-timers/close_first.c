/* SPDX-License-Identifier: MIT */
/*
 * close_first.c - a timer that is closed, and its context freed, too early
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
	SetThreadpoolTimer(clock, &due, 0, 0);
	Sleep(20);
	CloseThreadpoolTimer(clock);	/* does not wait, ... */
	free(window);			/* ... and who draws now? */
	Sleep(20);
	return 0;
}
