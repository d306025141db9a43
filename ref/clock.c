/* clock.c - what time it is, in the units of Win32 */
/* SPDX-License-Identifier: MIT */
/*
 * Two clocks, both of sync.c, both in ticks of 100 ns: one that never
 * steps, for measuring, and the system clock since 1601 (KOBJ-19), for
 * dates. A FILETIME is the second one, cut into two halves of 32 bits.
 *
 * Interface: GetTickCount, GetTickCount64, QueryPerformanceCounter,
 * QueryPerformanceFrequency; GetSystemTimeAsFileTime,
 * GetSystemTimePreciseAsFileTime, CompareFileTime.
 *
 * Locks: none.
 */
#include "threadpool.h"
#include "trigger.h"

/*
 * GetTickCount64: milliseconds since some start.
 * Differs:	the start may be another one than that of the system.
 */
ULONGLONG WINAPI
GetTickCount64(VOID)
{
	return (ULONGLONG)(tp_now() / TP_MS);
}

/* GetTickCount: the lower half of it; begins anew every 49.7 days. */
DWORD WINAPI
GetTickCount(VOID)
{
	return (DWORD)GetTickCount64();
}

/*
 * QueryPerformanceCounter: ticks of 100 ns since some start.
 *
 *	lpPerformanceCount	receives them
 *
 * Returns:	TRUE.
 */
BOOL WINAPI
QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount)
{
	lpPerformanceCount->QuadPart = tp_now();
	return TRUE;
}

/* QueryPerformanceFrequency: its ticks a second, which is 10,000,000. */
BOOL WINAPI
QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency)
{
	lpFrequency->QuadPart = 1000 * TP_MS;
	return TRUE;
}

/*
 * GetSystemTimeAsFileTime: the time of the system clock, UTC.
 *
 *	lpSystemTimeAsFileTime	receives 100 ns ticks since 1601-01-01
 *
 * Source:	KOBJ-19.
 */
VOID WINAPI
GetSystemTimeAsFileTime(LPFILETIME lpSystemTimeAsFileTime)
{
	uint64_t ticks = (uint64_t)tp_wall();

	lpSystemTimeAsFileTime->dwLowDateTime = (DWORD)ticks;
	lpSystemTimeAsFileTime->dwHighDateTime = (DWORD)(ticks >> 32);
}

/* GetSystemTimePreciseAsFileTime: the same; there is no coarser clock. */
VOID WINAPI
GetSystemTimePreciseAsFileTime(LPFILETIME lpSystemTimeAsFileTime)
{
	GetSystemTimeAsFileTime(lpSystemTimeAsFileTime);
}

/* CompareFileTime: -1, 0 or 1: the first is earlier, equal, later. */
LONG WINAPI
CompareFileTime(const FILETIME *lpFileTime1, const FILETIME *lpFileTime2)
{
	uint64_t first = (uint64_t)tp_file_time(lpFileTime1);
	uint64_t second = (uint64_t)tp_file_time(lpFileTime2);

	return (first > second) - (first < second);
}
