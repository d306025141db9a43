/* SPDX-License-Identifier: MIT */
/*
 * station.c - the same station, whose objects are members of a group
 *
 * explore: one=3 runs=2000
 */
#include "station.h"

static void
close_station(struct station *station, PTP_CLEANUP_GROUP group)
{
	CloseThreadpoolCleanupGroupMembers(group, TRUE, NULL);
	CloseThreadpoolCleanupGroup(group);
	free(station);
}

int
main(void)
{
	TP_CALLBACK_ENVIRON environment;
	PTP_CLEANUP_GROUP group;
	struct station *station;

#ifdef _WIN32
	puts("not on Windows: nobody promises that members may post others");
	return 0;
#endif
	group = new_group(&environment, NULL);
	station = new_station(&environment, 3);
	DestroyThreadpoolEnvironment(&environment);
	Sleep(40);
	close_station(station, group);
	puts("main: the station is closed, whatever it was doing");
	return 0;
}
