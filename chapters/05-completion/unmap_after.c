/* SPDX-License-Identifier: MIT */
/*
 * unmap_after.c - unmapped.c, with a plug-in that has the pool say it
 *
 * explore: runs=2000
 */
#include "plugin.h"

int
main(void)
{
	HMODULE plugin = load("plugin_patient");
	HANDLE finished = new_event();

	call((PTP_SIMPLE_CALLBACK)function_of(plugin, "patient"), finished);
	await(finished);
	must(FreeLibrary(plugin), "FreeLibrary");
	puts("host: the plug-in is gone");
	return 0;
}
