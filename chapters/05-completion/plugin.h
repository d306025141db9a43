/* SPDX-License-Identifier: MIT */
/*
 * plugin.h - what the plug-ins of this chapter and their hosts agree on
 */
#ifndef PLUGIN_H
#define PLUGIN_H

#include "must.h"

/* What a plug-in is told when it is started. */
struct visit {
	HMODULE plugin;		/* its own library */
	HANDLE may_end;		/* its callback waits for that */
	HANDLE gone;		/* to be set when it is unloaded */
};

/* A function of a loaded library, by its name; to be cast to its type. */
static inline void
(*function_of(HMODULE library, const char *name))(void)
{
	FARPROC function = GetProcAddress(library, name);

	must(function != NULL, name);
	return (void (*)(void))function;
}

static inline HMODULE
load(const char *name)
{
	HMODULE library = LoadLibraryA(name);

	must(library != NULL, name);
	return library;
}

/* What a library runs when it is unloaded. */
#define WHEN_UNLOADED	__attribute__((destructor))

#endif /* PLUGIN_H */
