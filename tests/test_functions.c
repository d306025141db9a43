/* test_functions.c - every function of the API is there, and costs nothing */
/* SPDX-License-Identifier: MIT */
/*
 * functions.h lists them all, with their prototypes; the lists compile in
 * tests/header.c, and this suite links only if the pool defines them. A
 * program that is linked with all of them and calls none has paid for none
 * of them: no thread, no memory, no descriptor.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "functions.h"
#include "kernel.h"

#include "../ref/misuse.h"

typedef void (*function)(void);

static const struct library_functions library_functions =
	EVERY_LIBRARY_FUNCTION;
static const struct inline_functions inline_functions =
	EVERY_INLINE_FUNCTION;

#define COUNT(functions)	(sizeof(functions) / sizeof(function))

/* The i-th pointer of a structure that consists of such. */
static function
address_in(const void *structure, size_t i)
{
	function address;

	memcpy(&address, (const char *)structure + i * sizeof(address),
		sizeof(address));
	return address;
}

START_TEST(every_function_is_there_and_is_no_other)
{
	const void *all = &library_functions;
	size_t count = COUNT(library_functions);

	ck_assert_uint_eq(count, 50 + 32);
	ck_assert_uint_eq(COUNT(inline_functions), 19);
	for (size_t i = 0; i < COUNT(inline_functions); i++)
		ck_assert(address_in(&inline_functions, i) != NULL);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			ck_assert_msg(address_in(all, i) != address_in(all, j),
				"functions %zu and %zu are the same", i, j);
}
END_TEST

/* ---- What it costs not to use them ---- */

static unsigned
threads_of_the_process(void)
{
	struct dirent *task;
	unsigned threads = 0;
	DIR *tasks;

	if (explore_active())
		return explore_count_threads("");
	tasks = opendir("/proc/self/task");
	ck_assert_ptr_nonnull(tasks);
	while ((task = readdir(tasks)) != NULL)
		threads += task->d_name[0] != '.';
	closedir(tasks);
	return threads;
}

/* What came from the shell that started this stays open over exec. */
static bool
is_own(const char *descriptor)
{
	return (fcntl(atoi(descriptor), F_GETFD) & FD_CLOEXEC) != 0;
}

/* Those of pollers and their alarms: files are the test's, or Check's. */
static unsigned
pollers_of_the_process(void)
{
	DIR *descriptors = opendir("/proc/self/fd");
	struct dirent *descriptor;
	unsigned pollers = 0;
	char target[64];

	ck_assert_ptr_nonnull(descriptors);
	while ((descriptor = readdir(descriptors)) != NULL) {
		ssize_t length = readlinkat(dirfd(descriptors),
			descriptor->d_name, target, sizeof(target) - 1);

		target[length > 0 ? length : 0] = '\0';
		pollers += strncmp(target, "anon_inode:", 11) == 0 &&
			is_own(descriptor->d_name);
	}
	closedir(descriptors);
	return pollers;
}

START_TEST(a_pool_that_is_linked_and_not_used_costs_nothing)
{	/* POOL-04, port-defined */
	if (!TP_SANITIZED)	/* a sanitizer may have a thread of its own */
		ck_assert_uint_eq(threads_of_the_process(), 1);
	ck_assert_uint_eq(made_threads(), 0);
	ck_assert_uint_eq(made_allocations(), 0);
	if (!explore_active())		/* where there are the explorer's */
		ck_assert_uint_eq(pollers_of_the_process(), 0);
}
END_TEST

START_TEST(an_environment_costs_nothing)
{	/* POOL-04, port-defined */
	TP_CALLBACK_ENVIRON environ;

	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackRunsLong(&environ);
	SetThreadpoolCallbackPriority(&environ, TP_CALLBACK_PRIORITY_LOW);
	DestroyThreadpoolEnvironment(&environ);
	ck_assert_uint_eq(made_threads(), 0);
	ck_assert_uint_eq(made_allocations(), 0);
}
END_TEST

/* ---- The one that cannot work ---- */

START_TEST(no_thread_can_be_terminated)
{	/* KOBJ-18 */
	HANDLE object = event(MANUAL, UNSET);
	HANDLE thread = start(arrive_and_wait, object);

	await_arrivals(1);
	ck_assert_fails(TerminateThread(thread, 1), ERROR_NOT_SUPPORTED);
	ck_assert_fails(TerminateThread(GetCurrentThread(), 1),
		ERROR_NOT_SUPPORTED);
	ck_assert_fails(TerminateThread(STALE, 1), ERROR_NOT_SUPPORTED);
	ck_assert_uint_eq(poll(thread), WAIT_TIMEOUT);	/* it goes on */
	ck_assert(SetEvent(object));
	ck_assert_uint_eq(join(thread), WAIT_OBJECT_0);	/* to its own end */
	ck_assert(CloseHandle(object));
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("functions");
	TCase *unused = harness_case(suite, "small");
	TCase *used = kernel_case(suite, "small");

	tcase_add_test(unused, every_function_is_there_and_is_no_other);
	tcase_add_test(unused,
		a_pool_that_is_linked_and_not_used_costs_nothing);
	tcase_add_test(unused, an_environment_costs_nothing);
	tcase_add_test(used, no_thread_can_be_terminated);
	return harness_run(suite);
}
