/* SPDX-License-Identifier: MIT */
/*
 * plugin.h - what the plug-ins of this chapter and their hosts agree on
 */
#ifndef PLUGIN_H
#define PLUGIN_H

#include "items.h"

/* What a plug-in is told. */
struct job {
	LONG pages;		/* that have been printed; Interlocked */
	LONG left;		/* that are still to be; Interlocked */
	HANDLE none_left;	/* to be set when left becomes 0 */
};

static inline HMODULE
load(const char *name)
{
	HMODULE library = LoadLibraryA(name);

	must(library != NULL, name);
	return library;
}

/* A work function of a loaded library, by its name. */
static inline LPTHREAD_START_ROUTINE
function_of(HMODULE library, const char *name)
{
	FARPROC function = GetProcAddress(library, name);

	must(function != NULL, name);
	return (LPTHREAD_START_ROUTINE)(void (*)(void))function;
}

#endif /* PLUGIN_H */
