/* ok_pipe_large.c - more bytes than a pipe holds, then none at all */
/* SPDX-License-Identifier: MIT */
/*
 * A writer puts 80,000 bytes into a pipe in one call, which takes until a
 * reader has made room. Then there is nothing to read, and the ways to wait
 * for a descriptor time out. Correct, because a pipe keeps the order of its
 * bytes, a blocking write returns when all of them are in, and the reader
 * reads until the end that the close of the other side makes.
 *
 * verdict: pass
 */
#define _GNU_SOURCE		/* ppoll(), epoll_pwait2() */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { SIZE = 80000, MARK = 1000 };	/* one byte in so many is looked at */

static int end[2];
static unsigned char data[SIZE];

static void *
put(void *unused)
{
	(void)unused;
	assert(write(end[1], data, SIZE) == SIZE);
	close(end[1]);
	return NULL;
}

static void
get(void)
{
	unsigned char got[16384];
	size_t sum = 0;
	ssize_t n;

	while ((n = read(end[0], got, sizeof(got))) > 0)
		for (ssize_t i = 0; i < n; i++, sum++)
			if (sum % MARK == 0)
				assert(got[i] == sum / MARK);
	assert(n == 0 && sum == SIZE);
	close(end[0]);
}

static void
wait_for_nothing(int watch)
{
	struct pollfd one = { .fd = end[0], .events = POLLIN };
	struct timespec one_ms = { .tv_nsec = 1000000 };
	struct timespec no_time = { .tv_nsec = 1000000000 };
	struct epoll_event event = { .events = EPOLLIN };

	assert(poll(&one, 1, 0) == 0 && poll(&one, 1, 1) == 0);
	assert(ppoll(&one, 1, &one_ms, NULL) == 0);
	assert(ppoll(&one, 1, &no_time, NULL) == -1 && errno == EINVAL);
	assert(epoll_ctl(watch, EPOLL_CTL_ADD, end[0], &event) == 0);
	assert(epoll_wait(watch, &event, 1, 0) == 0);
	assert(epoll_wait(watch, &event, 1, 1) == 0);
	assert(epoll_pwait(watch, &event, 1, 1, NULL) == 0);
	assert(epoll_wait(watch, &event, 0, -1) == -1 && errno == EINVAL);
	if (epoll_pwait2(watch, &event, 1, &one_ms, NULL) != 0)
		assert(errno == ENOSYS);	/* a kernel before 5.11 */
	assert(write(end[1], "", 1) == 1);
	assert(poll(&one, 1, -1) == 1 && one.revents == POLLIN);
	assert(epoll_wait(watch, &event, 1, -1) == 1);
}

static void
fail_at_once(void)
{
	char byte;

	assert(read(end[1], &byte, 1) == -1 && errno == EBADF);
	assert(write(end[0], &byte, 1) == -1 && errno == EBADF);
	assert(read(-1, &byte, 1) == -1 && errno == EBADF);
	assert(read(end[0], &byte, 1) == 1);
	assert(fcntl(end[0], F_SETFL, O_NONBLOCK) == 0);
	assert(read(end[0], &byte, 1) == -1 && errno == EAGAIN);
}

int
main(void)
{
	pthread_t thread;
	int watch, error;

	for (size_t i = 0; i < SIZE; i += MARK)
		data[i] = (unsigned char)(i / MARK);
	assert(pipe(end) == 0);
	error = pthread_create(&thread, NULL, put, NULL);
	assert(error == 0);
	get();
	pthread_join(thread, NULL);

	assert(pipe(end) == 0);
	watch = epoll_create1(0);
	assert(watch >= 0);
	wait_for_nothing(watch);
	fail_at_once();
	close(watch);
	close(end[0]);
	close(end[1]);
	return 0;
}
