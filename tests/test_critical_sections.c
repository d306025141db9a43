/* SPDX-License-Identifier: MIT */
/*
 * test_critical_sections.c - critical sections and their misuse
 *
 * A critical section is no kernel object but a lock in the program's memory.
 * Its owner may enter it again; other threads ask with the Try call, or count
 * inside it without any other protection, so that a lost update shows (and
 * ThreadSanitizer would report it).
 *
 * Misuse ends the program, so each scene of it runs in a child process, whose
 * report is looked at for the code and for the function that was called.
 * Without TP_CHECK there is nothing to see.
 */
#include "kernel.h"

#include <string.h>

/* ---- Entering and leaving ---- */

static DWORD
try_enter(void *section)
{
	if (!TryEnterCriticalSection(section))
		return FALSE;
	LeaveCriticalSection(section);
	return TRUE;
}

START_TEST(a_critical_section_is_left_once_for_every_entry)
{	/* KOBJ-17 */
	CRITICAL_SECTION section;

	ck_assert(InitializeCriticalSectionAndSpinCount(&section, 4000));
	EnterCriticalSection(&section);
	EnterCriticalSection(&section);
	ck_assert(TryEnterCriticalSection(&section));
	for (int entries = 3; entries > 0; entries--) {
		ck_assert_uint_eq(join(start(try_enter, &section)), FALSE);
		LeaveCriticalSection(&section);
	}
	ck_assert_uint_eq(join(start(try_enter, &section)), TRUE);
	DeleteCriticalSection(&section);
}
END_TEST

struct counted {
	CRITICAL_SECTION section;
	unsigned long count, target;
};

static DWORD
count_inside(void *argument)
{
	struct counted *counted = argument;

	for (unsigned long i = 0; i < counted->target; i++) {
		EnterCriticalSection(&counted->section);
		EnterCriticalSection(&counted->section);
		counted->count++;
		LeaveCriticalSection(&counted->section);
		LeaveCriticalSection(&counted->section);
	}
	return 0;
}

static void
contend(unsigned threads, unsigned long entries)
{
	struct counted counted = { .target = entries };
	HANDLE handles[8];

	InitializeCriticalSection(&counted.section);
	for (unsigned i = 0; i < threads; i++)
		handles[i] = start(count_inside, &counted);
	for (unsigned i = 0; i < threads; i++)
		ck_assert_uint_eq(join(handles[i]), 0);
	ck_assert_uint_eq(counted.count, threads * entries);
	DeleteCriticalSection(&counted.section);
}

START_TEST(one_thread_at_a_time_is_inside_a_critical_section)
{	/* KOBJ-17 */
	contend(3, 10);
}
END_TEST

START_TEST(a_busy_critical_section_loses_nobody)
{	/* KOBJ-17 */
	contend(8, 20000);
}
END_TEST

/* ---- Misuse ---- */

#if TP_CHECK

static DWORD
leave(void *section)
{
	LeaveCriticalSection(section);
	return 0;
}

static void
leave_as_non_owner(void *unused)
{
	CRITICAL_SECTION section;

	(void)unused;
	InitializeCriticalSection(&section);
	EnterCriticalSection(&section);
	join(start(leave, &section));
}

static void
leave_once_too_often(void *unused)
{
	CRITICAL_SECTION section;

	(void)unused;
	InitializeCriticalSection(&section);
	EnterCriticalSection(&section);
	LeaveCriticalSection(&section);
	LeaveCriticalSection(&section);
}

static void
enter_zeroed_memory(void *unused)
{
	CRITICAL_SECTION section;

	(void)unused;
	ZeroMemory(&section, sizeof(section));
	EnterCriticalSection(&section);
}

static void
enter_deleted(void *unused)
{
	CRITICAL_SECTION section;

	(void)unused;
	InitializeCriticalSection(&section);
	DeleteCriticalSection(&section);
	TryEnterCriticalSection(&section);
}

static void
delete_while_inside(void *unused)
{
	CRITICAL_SECTION section;

	(void)unused;
	InitializeCriticalSection(&section);
	EnterCriticalSection(&section);
	DeleteCriticalSection(&section);
}

START_TEST(misuse_of_a_critical_section_is_reported)
{	/* KOBJ-17 */
	static const struct {
		void (*scene)(void *);
		const char *code, *call;
	} cases[] = {
		{ leave_as_non_owner, "section-not-owner",
			"LeaveCriticalSection(" },
		{ leave_once_too_often, "section-not-owner",
			"LeaveCriticalSection(" },
		{ enter_zeroed_memory, "section-uninitialised",
			"EnterCriticalSection(" },
		{ enter_deleted, "section-uninitialised",
			"TryEnterCriticalSection(" },
		{ delete_while_inside, "section-in-use",
			"DeleteCriticalSection(" },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *report = report_of(cases[i].scene, NULL, true);

		ck_assert_ptr_nonnull(strstr(report, cases[i].code));
		ck_assert_ptr_nonnull(strstr(report, cases[i].call));
	}
}
END_TEST

#endif /* TP_CHECK */

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("critical_sections");
	TCase *small = kernel_case(suite, "small");
	TCase *large = kernel_case(suite, "large");

	tcase_add_test(small, a_critical_section_is_left_once_for_every_entry);
	tcase_add_test(small,
		one_thread_at_a_time_is_inside_a_critical_section);
#if TP_CHECK
	tcase_add_test(small, misuse_of_a_critical_section_is_reported);
#endif
	tcase_add_test(large, a_busy_critical_section_loses_nobody);
	return harness_run(suite);
}
