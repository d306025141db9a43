/* SPDX-License-Identifier: MIT */
/*
 * unload_early.c - frees a plug-in, and its items are still queued
 *
 * explore: must=misuse brief
 */
#include "plugin.h"

int
main(void)
{
	static struct job job;
	HMODULE plugin = load("plugin_printer");

	for (int i = 0; i < 3; i++)
		queue(function_of(plugin, "print_page"), &job, 0);
	FreeLibrary(plugin);
	Sleep(20);
	return 0;
}
