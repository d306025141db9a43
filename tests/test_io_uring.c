/* test_io_uring.c - the tests of files on disk over io_uring */
/* SPDX-License-Identifier: MIT */
/*
 * All of them once more, in a process whose requests io_uring carries out,
 * where the pool was built with liburing and the system allows it. Where
 * not, this says why, and there is one test: that threads do it then.
 *
 * The suites that are included here are parts of this one then, and their
 * main is this one's.
 */
#define BACK_END	"uring"

#define PARTS
#include "test_disk_requests.c"
#include "test_io.c"

#include <stdio.h>
#include <sys/wait.h>

/* Asks in a child: here nothing must have been chosen, nor started. */
static bool
uring_is_there(void)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		setenv("TP_IO", BACK_END, 1);
		_exit(strcmp(tp_io_back_end(), BACK_END) != 0);
	}
	return waitpid(child, &status, 0) == child && WIFEXITED(status) &&
		WEXITSTATUS(status) == 0;
}

START_TEST(where_io_uring_is_not_to_be_had_threads_do_it)
{	/* stream.h: tp_io_back_end */
	struct request read = { .calls = 0 };
	HANDLE file;

	setenv("TP_IO", BACK_END, 1);
	ck_assert_str_eq(tp_io_back_end(), "threads");
	file = open_file(FILE_FLAG_OVERLAPPED);
	write_at(file, 0, "hello");
	assert_begun(ReadFile(file, read.buffer, 64, NULL, &read.overlapped));
	assert_outcome(file, &read, NO_ERROR, 5);
	ck_assert(CloseHandle(file));
}
END_TEST

/* Without a ring there is one test; and a listing is no place to say so. */
static void
add_without_uring(TCase *large)
{
	if (getenv("TEST_LIST") == NULL)
		printf("# skipped: TP_IO=uring gives threads here: the pool"
			" was built without liburing, or it is forbidden\n");
	tcase_add_test(large, where_io_uring_is_not_to_be_had_threads_do_it);
}

int
main(void)
{
	Suite *suite = suite_create("io_uring");
	bool there = !explore_active() && uring_is_there();

	if (!there) {
		add_without_uring(harness_case(suite, "large"));
		return harness_run(suite);
	}
	add_disk(io_case(suite, "large"));
	add_disk_many(io_case(suite, "large"));
	add_io(io_case(suite, "large"));
	return harness_run(suite);
}
