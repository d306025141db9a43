/* SPDX-License-Identifier: MIT */
/*
 * unload_counted.c - frees a plug-in when its own counter says that it may
 *
 * explore: must=misuse brief
 */
#include "plugin.h"

enum { PAGES = 3 };

int
main(void)
{
	static struct job job = { .left = PAGES };
	HMODULE plugin = load("plugin_counter");

	job.none_left = new_event(TRUE);
	for (int i = 0; i < PAGES; i++)
		queue(function_of(plugin, "print_page"), &job, 0);
	await(job.none_left);
	FreeLibrary(plugin);
	Sleep(20);
	return 0;
}
