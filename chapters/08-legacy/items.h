/* SPDX-License-Identifier: MIT */
/*
 * items.h - what the programs with work items have in common
 */
#ifndef ITEMS_H
#define ITEMS_H

#include <time.h>

#include "must.h"

static inline void
queue(LPTHREAD_START_ROUTINE function, PVOID context, ULONG flags)
{
	must(QueueUserWorkItem(function, context, flags),
		"QueueUserWorkItem");
}

/*
 * Is this the pool of this book? Here the limit holds, and the persistent
 * thread is the timer thread; with Windows neither is said.
 */
static inline BOOL
ours(void)
{
#ifdef _WIN32
	return FALSE;
#else
	return TRUE;
#endif
}

/*
 * Keeps this thread for so long, and the pool is not told: in the place of
 * a computation, or of a read. It sleeps by a call of the system that the
 * pool does not know, since under the explorer a computation takes no time.
 */
static inline void
compute(int ms)
{
#ifdef _WIN32
	for (ULONGLONG end = GetTickCount64() + (ULONGLONG)ms;
	     GetTickCount64() < end;)
		continue;
#else
	struct timespec time = { .tv_nsec = ms * 1000000l };

	nanosleep(&time, NULL);
#endif
}

/*
 * A setting of this pool, before the first use of it (the table is in
 * ref/README.md). Windows has none of these.
 */
static inline void
setting(const char *name, const char *value)
{
#ifdef _WIN32
	(void)name, (void)value;
#else
	must(setenv(name, value, 1) == 0, "setenv");
#endif
}

#endif /* ITEMS_H */
