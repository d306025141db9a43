/* SPDX-License-Identifier: MIT */
/*
 * plugin_counter.c - a plug-in that prints pages, and counts them itself
 *
 * Loaded by unload_counted.c.
 */
#include "plugin.h"

DWORD WINAPI print_page(PVOID context);

DWORD WINAPI
print_page(PVOID context)
{
	struct job *job = context;

	InterlockedIncrement(&job->pages);
	if (InterlockedDecrement(&job->left) == 0)
		SetEvent(job->none_left);
	return 0;	/* the code of this line is the plug-in's, too */
}
