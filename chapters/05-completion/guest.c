/* SPDX-License-Identifier: MIT */
/*
 * guest.c - starts a plug-in that will unload itself, and forgets it
 *
 * explore: native
 */
#include "plugin.h"

int
main(void)
{
	static struct visit visit;

	visit.plugin = load("plugin_guest");
	visit.may_end = new_event();
	visit.gone = new_event();
	call((PTP_SIMPLE_CALLBACK)function_of(visit.plugin, "visit"),
		&visit);
	puts("host: the guest is on its own");
	fflush(stdout);
	SetEvent(visit.may_end);
	await(visit.gone);
	puts("host: nothing of it is left");
	return 0;
}
