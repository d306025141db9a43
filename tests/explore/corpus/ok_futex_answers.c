/* ok_futex_answers.c - what the futex system call answers */
/* SPDX-License-Identifier: MIT */
/*
 * First the answers that need nobody else. Then two threads sleep on one
 * word, each with a bit of its own, and main wakes each by its bit. Correct,
 * because main changes the word only after both were woken, and wakes again
 * until it is told that it has woken one: it may be faster than a sleeper.
 *
 * verdict: pass
 */
#define _DEFAULT_SOURCE		/* syscall() */
#include <assert.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static atomic_uint word;
static unsigned bit[2] = { 1, 2 };

static long
futex(int command, unsigned value, const struct timespec *timeout,
	unsigned bits)
{
	return syscall(SYS_futex, &word, command | FUTEX_PRIVATE_FLAG, value,
	    timeout, NULL, bits);
}

static void *
fall_asleep(void *arg)
{
	unsigned *mine = arg;

	assert(futex(FUTEX_WAIT_BITSET, 0, NULL, *mine) == 0);
	return NULL;
}

static void
ask_for_nothing(void)
{
	struct timespec one_ms = { .tv_nsec = 1000000 }, now;
	struct timespec no_time = { .tv_nsec = -1 };
	int by_wall = FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME;

	assert(futex(FUTEX_WAIT, 1, NULL, 0) == -1 && errno == EAGAIN);
	assert(futex(FUTEX_WAIT, 0, &one_ms, 0) == -1 && errno == ETIMEDOUT);
	assert(futex(FUTEX_WAIT, 0, &no_time, 0) == -1 && errno == EINVAL);
	assert(futex(FUTEX_WAIT_BITSET, 0, NULL, 0) == -1 && errno == EINVAL);
	clock_gettime(CLOCK_MONOTONIC, &now);
	assert(futex(FUTEX_WAIT_BITSET, 0, &now, 1) == -1 &&
	    errno == ETIMEDOUT);
	clock_gettime(CLOCK_REALTIME, &now);
	assert(futex(by_wall, 0, &now, 1) == -1 && errno == ETIMEDOUT);
	assert(futex(FUTEX_WAKE, 1, NULL, 0) == 0);
	assert(syscall(SYS_futex, (char *)&word + 1, FUTEX_WAKE, 1, NULL,
	    NULL, 0) == -1 && errno == EINVAL);
	assert(syscall(SYS_gettid) > 0);
}

int
main(void)
{
	pthread_t thread[2];

	ask_for_nothing();
	for (int i = 0; i < 2; i++) {
		int error = pthread_create(&thread[i], NULL, fall_asleep,
		    &bit[i]);

		assert(error == 0);
	}
	while (futex(FUTEX_WAKE_BITSET, 9, NULL, bit[0]) == 0)
		sched_yield();
	pthread_join(thread[0], NULL);
	while (futex(FUTEX_WAKE, 1, NULL, 0) == 0)
		sched_yield();
	pthread_join(thread[1], NULL);
	return 0;
}
