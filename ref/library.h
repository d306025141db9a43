/* library.h - libraries as objects use them: private to the engine */
/* SPDX-License-Identifier: MIT */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdbool.h>

#include "misuse.h"
#include "win32.h"

/* One reference more of a library that is loaded; false: it is none. */
bool tp_library_use(HMODULE module);

/* One less; the last unloads it, which runs its destructors. No lock. */
void tp_library_unuse(HMODULE module);

/*
 * The library, which is this image, is about to be unloaded by call: reports
 * a callback of it that is still queued or runs. No lock is held.
 */
#if TP_CHECK
void tp_library_check_unload(HMODULE library, const void *image,
	const char *call);
#else
#define tp_library_check_unload(library, image, call)	((void)(call))
#endif

#endif /* LIBRARY_H */
