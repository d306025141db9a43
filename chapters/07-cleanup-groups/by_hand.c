/* SPDX-License-Identifier: MIT */
/*
 * by_hand.c - a station whose objects are ended one after the other
 *
 * explore: must=misuse
 */
#include "station.h"

static void
finish(PTP_TIMER timer)
{
	SetThreadpoolTimer(timer, NULL, 0, 0);		/* no more posts */
	WaitForThreadpoolTimerCallbacks(timer, TRUE);	/* no more calls */
	CloseThreadpoolTimer(timer);			/* no more timer */
}

static void
close_station(struct station *station)
{
	finish(station->sample);	/* now only retry posts send */
	finish(station->retry);		/* now nobody posts it */
	WaitForThreadpoolWorkCallbacks(station->send, TRUE);
	CloseThreadpoolWork(station->send);
	free(station);
}

int
main(void)
{
	struct station *station = new_station(NULL, 1);

	Sleep(20);
	close_station(station);
	Sleep(20);
	return 0;
}
