/* elapsed.h - what time it is, and how long something took */
/* SPDX-License-Identifier: MIT */
/*
 * Natively a test can say that something took long enough, never that it
 * was fast enough: the machine may have been busy. In virtual time it takes
 * as long as it should, to the tick: a clock that moves only when nobody can
 * run leaves no room for late.
 *
 * Everything here is inline: a suite takes what it needs.
 */
#ifndef ELAPSED_H
#define ELAPSED_H

#include "harness.h"

#define MS		10000ll		/* ticks of 100 ns */

/*
 * Is a time a matter of equality? Natively only of "not earlier", and
 * likewise where time-outs come first at will. Where something is made to
 * fail, it may have to be tried again.
 */
static inline bool
exact(void)
{
	return explore_active() && !explore_is_faulty() &&
		!explore_is_slow();
}

static inline LONGLONG
ticks_now(void)
{
	LARGE_INTEGER now;

	QueryPerformanceCounter(&now);
	return now.QuadPart;
}

/* A time as the API takes it: positive since 1601, else from now on. */
static inline FILETIME
file_time(LONGLONG ticks)
{
	return (FILETIME){
		.dwLowDateTime = (DWORD)(ULONGLONG)ticks,
		.dwHighDateTime = (DWORD)((ULONGLONG)ticks >> 32)
	};
}

/* The time of the system clock, since 1601. */
static inline LONGLONG
wall_now(void)
{
	FILETIME now;

	GetSystemTimeAsFileTime(&now);
	return (LONGLONG)((uint64_t)now.dwHighDateTime << 32 |
		now.dwLowDateTime);
}

/* So long has it been since `begin`: exactly, or natively at least. */
static inline void
assert_elapsed(LONGLONG begin, LONGLONG ticks)
{
	if (exact())
		ck_assert_int_eq(ticks_now() - begin, ticks);
	else
		ck_assert_int_ge(ticks_now() - begin, ticks);
}

#endif /* ELAPSED_H */
