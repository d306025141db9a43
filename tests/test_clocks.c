/* SPDX-License-Identifier: MIT */
/*
 * test_clocks.c - the clocks, file times, and Sleep
 *
 * The system time is compared with what POSIX says between two readings of
 * it; the counters of ticks and of milliseconds, with each other and with a
 * Sleep. Natively such a test can say that something took long enough, never
 * that it was fast enough; explored, it asks for equality (elapsed.h).
 */
#include "kernel.h"

#include <time.h>

#define EPOCH		116444736000000000ull	/* 1970, in a FILETIME */

START_TEST(a_file_time_counts_100_ns_since_1601)
{	/* KOBJ-19 */
	struct timespec unix_time;
	FILETIME before, after;
	uint64_t expected, first, last;

	/* 134,774 days from 1601 to 1970. */
	ck_assert_uint_eq(EPOCH, 134774ull * 86400 * 1000 * MS);
	GetSystemTimeAsFileTime(&before);
	clock_gettime(CLOCK_REALTIME, &unix_time);
	GetSystemTimePreciseAsFileTime(&after);
	expected = EPOCH + (uint64_t)unix_time.tv_sec * 10000000 +
		(uint64_t)unix_time.tv_nsec / 100;
	first = (uint64_t)before.dwHighDateTime << 32 | before.dwLowDateTime;
	last = (uint64_t)after.dwHighDateTime << 32 | after.dwLowDateTime;
	ck_assert_uint_le(first, expected);
	ck_assert_uint_ge(last, expected);
	if (exact())
		ck_assert_uint_eq(first, last);
}
END_TEST

START_TEST(file_times_compare_by_both_halves)
{
	FILETIME early = { 0xFFFFFFFFu, 1 }, late = { 0, 2 };

	ck_assert_int_eq(CompareFileTime(&early, &late), -1);
	ck_assert_int_eq(CompareFileTime(&late, &early), 1);
	ck_assert_int_eq(CompareFileTime(&late, &late), 0);
}
END_TEST

START_TEST(the_clocks_agree_on_how_long_something_took)
{
	LARGE_INTEGER frequency;
	ULONGLONG ms = GetTickCount64();
	DWORD short_ms = GetTickCount();
	LONGLONG ticks = ticks_now();

	ck_assert(QueryPerformanceFrequency(&frequency));
	ck_assert_int_eq(frequency.QuadPart, 1000 * MS);
	Sleep(10);
	/* Counts of whole milliseconds may miss a part of one. */
	assert_elapsed(ticks, 10 * MS);
	if (exact())
		ck_assert_uint_eq(GetTickCount() - short_ms, 10);
	ck_assert_uint_ge(GetTickCount64() - ms, 10);
	ck_assert_uint_ge(GetTickCount() - short_ms, 9);
}
END_TEST

START_TEST(a_sleep_is_not_shorter_than_asked_for)
{
	LONGLONG begin = ticks_now();

	Sleep(5);
	ck_assert_uint_eq(SleepEx(5, TRUE), 0);
	assert_elapsed(begin, 10 * MS);
	Sleep(0);
	ck_assert(SwitchToThread());
	assert_elapsed(begin, 10 * MS);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("clocks");
	TCase *small = kernel_case(suite, "small");

	tcase_add_test(small, a_sleep_is_not_shorter_than_asked_for);
	tcase_add_test(small, a_file_time_counts_100_ns_since_1601);
	tcase_add_test(small, file_times_compare_by_both_halves);
	tcase_add_test(small, the_clocks_agree_on_how_long_something_took);
	return harness_run(suite);
}
