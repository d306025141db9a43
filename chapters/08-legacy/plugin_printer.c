/* SPDX-License-Identifier: MIT */
/*
 * plugin_printer.c - a plug-in that prints pages, and counts nothing
 *
 * Loaded by unload_early.c and unload.c.
 */
#include "plugin.h"

DWORD WINAPI print_page(PVOID context);

DWORD WINAPI
print_page(PVOID context)
{
	struct job *job = context;

	InterlockedIncrement(&job->pages);
	return 0;
}
