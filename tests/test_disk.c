/* SPDX-License-Identifier: MIT */
/*
 * test_disk.c - which back end carries out the requests of files on disk
 *
 * Each test does what it does in a child, in which nothing has been chosen
 * yet. Whether there is a ring is not taken from its name alone: a process
 * that has one has a descriptor of it.
 *
 * io_uring is forbidden as containers forbid it, by a filter of system
 * calls. Where there are no such filters, the tests of that see a system
 * that allows what it likes, and ask for no more than that it works.
 */
#ifdef __linux__
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness.h"
#include "stream.h"

/* How many rings this process has. */
static unsigned
rings(void)
{
	unsigned found = 0;

	for (int descriptor = 0; descriptor < 100; descriptor++) {
		char link[40], target[40] = "";

		(void)snprintf(link, sizeof(link), "/proc/self/fd/%d",
			descriptor);
		if (readlink(link, target, sizeof(target) - 1) > 0 &&
		    strstr(target, "io_uring") != NULL)
			found++;
	}
	return found;
}

/* Waits for a request; the bytes that it has moved, or ends the child. */
static DWORD
finish(HANDLE file, BOOL done, OVERLAPPED *overlapped)
{
	DWORD bytes = 0;

	if ((!done && GetLastError() != ERROR_IO_PENDING) ||
	    !GetOverlappedResult(file, overlapped, &bytes, TRUE))
		abort();
	return bytes;
}

static void
write_and_read(void)
{
	char path[] = "build/test_disk.XXXXXX", buffer[100] = "";
	OVERLAPPED overlapped = { .Offset = 3 };
	int descriptor = mkstemp(path);
	HANDLE file = tp_open_descriptor(descriptor, FILE_FLAG_OVERLAPPED);

	if (file == NULL || unlink(path) != 0)
		abort();
	if (finish(file, WriteFile(file, "hello", 5, NULL, &overlapped),
		&overlapped) != 5)
		abort();
	overlapped.Offset = 4;
	if (finish(file, ReadFile(file, buffer, 100, NULL, &overlapped),
		&overlapped) != 4 || strcmp(buffer, "ello") != 0)
		abort();
	CloseHandle(file);
}

/* Says which back end there is, once it has been used. */
static void
use(const char *name)
{
	if (name != NULL)
		setenv("TP_IO", name, 1);
	else
		unsetenv("TP_IO");
	write_and_read();
	fprintf(stderr, "%s, %u rings", tp_io_back_end(), rings());
}

static void
use_named(void *name)
{
	use(name);
}

START_TEST(threads_carry_requests_out_unless_something_else_is_named)
{	/* stream.h: tp_io_back_end */
	static char *const names[] = {
		NULL, "threads", "", "URING", "uring2", "nothing of the kind"
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		ck_assert_str_eq(report_of(use_named, names[i], false),
			"threads, 0 rings");
}
END_TEST

START_TEST(io_uring_is_used_if_it_is_named_and_there)
{	/* stream.h: tp_io_back_end */
	const char *report = report_of(use_named, "uring", false);

	ck_assert_msg(strcmp(report, "uring, 1 rings") == 0 ||
		strcmp(report, "threads, 0 rings") == 0, "%s", report);
}
END_TEST

/* The first file comes when threads, or memory, are refused; then another. */
static void
use_after_refusals(void *name)
{
	char path[] = "build/test_disk.XXXXXX";
	int descriptor = mkstemp(path);
	HANDLE file = NULL;
	unsigned refused = 0;

	setenv("TP_IO", name, 1);
	fail_threads(true);
	for (unsigned i = 0; i < 3; i++)
		if (tp_open_descriptor(descriptor, FILE_FLAG_OVERLAPPED) ==
		    NULL && GetLastError() == ERROR_NOT_ENOUGH_MEMORY)
			refused++;
	fail_threads(false);
	for (unsigned long n = 1; file == NULL; n++) {
		fail_allocation_number(n);
		file = tp_open_descriptor(descriptor, FILE_FLAG_OVERLAPPED);
		fail_allocation_number(0);
	}
	if (refused != 3 || unlink(path) != 0 || !CloseHandle(file))
		abort();
	write_and_read();
	fprintf(stderr, "%s", tp_io_back_end());
}

START_TEST(what_was_refused_when_the_first_file_is_opened_is_tried_again)
{	/* stream.h: tp_io_back_end */
	const char *report;

	ck_assert_str_eq(report_of(use_after_refusals, (void *)"threads",
		false), "threads");
	report = report_of(use_after_refusals, (void *)"uring", false);
	ck_assert_msg(strcmp(report, "uring") == 0 ||
		strcmp(report, "threads") == 0, "%s", report);
}
END_TEST

static void
use_without_locked_memory(void *unused)
{
	const struct rlimit none = { 0, 0 };

	(void)unused;
	if (setrlimit(RLIMIT_MEMLOCK, &none) != 0)
		abort();
	use("uring");
}

START_TEST(requests_are_carried_out_where_no_memory_may_be_locked)
{	/* stream.h: tp_io_back_end */
	const char *report = report_of(use_without_locked_memory, NULL,
		false);

	ck_assert_msg(strcmp(report, "uring, 1 rings") == 0 ||
		strcmp(report, "threads, 0 rings") == 0, "%s", report);
}
END_TEST

#if defined __linux__ && defined SYS_io_uring_setup

struct forbidden {
	long call;
	int error;
};

/* From now on that call does nothing, and fails so. */
static void
forbid(const struct forbidden *what)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)what->call,
			0, 1),
		BPF_STMT(BPF_RET | BPF_K,
			SECCOMP_RET_ERRNO | (unsigned)what->error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
	};
	struct sock_fprog program = { 4, filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		abort();
}

static void
use_forbidden(void *what)
{
	forbid(what);
	use("uring");
}

START_TEST(threads_do_it_where_io_uring_is_forbidden)
{	/* stream.h: tp_io_back_end */
	static struct forbidden ways[] = {
		{ SYS_io_uring_setup, EPERM },
		{ SYS_io_uring_setup, ENOSYS },
		{ SYS_io_uring_setup, ENOMEM },
		{ SYS_io_uring_enter, EPERM },
		{ SYS_io_uring_enter, ENOSYS }
	};

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		ck_assert_str_eq(report_of(use_forbidden, &ways[i], false),
			"threads, 0 rings");
}
END_TEST

/* ---- A kernel that has no memory, most of the time ---- */

enum { REQUESTS = 200 };

/* Answers for the kernel: of three calls, two are refused. */
static void *
refuse_most(void *listener)
{
	struct seccomp_notif call = { 0 };
	struct seccomp_notif_resp answer = { 0 };
	int descriptor = *(int *)listener;

	for (unsigned long calls = 0; ; calls++) {
		memset(&call, 0, sizeof(call));
		while (ioctl(descriptor, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0)
			if (errno != EINTR)
				return NULL;
		answer.id = call.id;
		answer.error = calls % 3 == 0 ? 0 : -EAGAIN;
		answer.flags = calls % 3 == 0 ?
			SECCOMP_USER_NOTIF_FLAG_CONTINUE : 0;
		(void)ioctl(descriptor, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
}

/* Has another thread asked about each handing over. False: not possible. */
static bool
begin_storm(int *listener)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_enter,
			0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
	};
	struct sock_fprog program = { 4, filter };
	pthread_t thread;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	*listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	return *listener >= 0 &&
		pthread_create(&thread, NULL, refuse_most, listener) == 0;
}

/* Many requests at once, of which each must bring its own block. */
static void
use_in_a_storm(void *unused)
{
	static OVERLAPPED reads[REQUESTS];
	static unsigned buffers[REQUESTS];
	static int listener;
	char path[] = "build/test_disk.XXXXXX";
	int descriptor = mkstemp(path);
	HANDLE file;

	(void)unused;
	setenv("TP_IO", "uring", 1);
	(void)begin_storm(&listener);
	if (unlink(path) != 0)
		abort();
	for (unsigned i = 0; i < REQUESTS; i++)
		if (write(descriptor, &i, sizeof(i)) != sizeof(i))
			abort();
	file = tp_open_descriptor(descriptor, FILE_FLAG_OVERLAPPED);
	for (unsigned i = 0; i < REQUESTS; i++) {
		reads[i].Offset = (DWORD)sizeof(i) * i;
		if (!ReadFile(file, &buffers[i], sizeof(i), NULL,
			&reads[i]) && GetLastError() != ERROR_IO_PENDING)
			abort();
	}
	for (unsigned i = 0; i < REQUESTS; i++)
		if (finish(file, TRUE, &reads[i]) != sizeof(i) ||
		    buffers[i] != i)
			abort();
	CloseHandle(file);
	fprintf(stderr, "%s", tp_io_back_end());
}

START_TEST(request_that_the_kernel_refuses_is_handed_over_again)
{	/* KOBJ-23 */
	const char *before = report_of(use_named, "uring", false);
	bool there = strncmp(before, "uring", 5) == 0;

	ck_assert_str_eq(report_of(use_in_a_storm, NULL, false),
		there ? "uring" : "threads");
}
END_TEST

#endif

int
main(void)
{
	Suite *suite = suite_create("disk");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(large,
		threads_carry_requests_out_unless_something_else_is_named);
	tcase_add_test(large, io_uring_is_used_if_it_is_named_and_there);
	tcase_add_test(large,
		what_was_refused_when_the_first_file_is_opened_is_tried_again);
	tcase_add_test(large,
		requests_are_carried_out_where_no_memory_may_be_locked);
#if defined __linux__ && defined SYS_io_uring_setup
	tcase_add_test(large, threads_do_it_where_io_uring_is_forbidden);
	tcase_add_test(large,
		request_that_the_kernel_refuses_is_handed_over_again);
#endif
	return harness_run(suite);
}
