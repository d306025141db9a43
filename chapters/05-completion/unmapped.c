/* SPDX-License-Identifier: MIT */
/*
 * unmapped.c - unloads a plug-in when that says that it has finished
 *
 * explore: must=misuse brief
 */
#include "plugin.h"

int
main(void)
{
	HMODULE plugin = load("plugin_hasty");
	HANDLE finished = new_event();

	call((PTP_SIMPLE_CALLBACK)function_of(plugin, "hasty"), finished);
	await(finished);
	FreeLibrary(plugin);
	Sleep(20);
	return 0;
}
