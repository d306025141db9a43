/* ok_rwlock_answers.c - what a readers-writer lock answers, call by call */
/* SPDX-License-Identifier: MIT */
/*
 * Correct, because no answer depends on who is faster: main holds the lock
 * while the helper tries for it, and only joins the helper then. Explored,
 * this shows that the explorer's lock answers as the real one.
 *
 * verdict: pass
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static struct timespec
in_two_ms(void)
{
	struct timespec when;

	clock_gettime(CLOCK_REALTIME, &when);
	when.tv_nsec += 2000000;
	if (when.tv_nsec >= 1000000000) {
		when.tv_nsec -= 1000000000;
		when.tv_sec++;
	}
	return when;
}

/* Main writes. */
static void *
find_a_writer(void *unused)
{
	struct timespec when = in_two_ms();

	(void)unused;
	assert(pthread_rwlock_tryrdlock(&lock) == EBUSY);
	assert(pthread_rwlock_trywrlock(&lock) == EBUSY);
	assert(pthread_rwlock_timedrdlock(&lock, &when) == ETIMEDOUT);
	return NULL;
}

/* Main reads. */
static void *
find_a_reader(void *unused)
{
	struct timespec when = in_two_ms();

	(void)unused;
	assert(pthread_rwlock_trywrlock(&lock) == EBUSY);
	assert(pthread_rwlock_timedwrlock(&lock, &when) == ETIMEDOUT);
	assert(pthread_rwlock_rdlock(&lock) == 0);
	assert(pthread_rwlock_timedrdlock(&lock, &when) == 0);
	assert(pthread_rwlock_unlock(&lock) == 0);
	assert(pthread_rwlock_unlock(&lock) == 0);
	return NULL;
}

static void
let(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	pthread_join(thread, NULL);
}

int
main(void)
{
	struct timespec no_time = { .tv_nsec = 1000000000 };

	assert(pthread_rwlock_wrlock(&lock) == 0);
	assert(pthread_rwlock_rdlock(&lock) == EDEADLK);
	assert(pthread_rwlock_wrlock(&lock) == EDEADLK);
	assert(pthread_rwlock_timedrdlock(&lock, &no_time) == EINVAL);
	let(find_a_writer);
	assert(pthread_rwlock_unlock(&lock) == 0);

	assert(pthread_rwlock_tryrdlock(&lock) == 0);
	assert(pthread_rwlock_rdlock(&lock) == 0);
	assert(pthread_rwlock_unlock(&lock) == 0);
	let(find_a_reader);
	assert(pthread_rwlock_unlock(&lock) == 0);

	assert(pthread_rwlock_trywrlock(&lock) == 0);
	assert(pthread_rwlock_unlock(&lock) == 0);
	assert(pthread_rwlock_destroy(&lock) == 0);
	assert(pthread_rwlock_init(&lock, NULL) == 0);
	assert(pthread_rwlock_wrlock(&lock) == 0);
	assert(pthread_rwlock_unlock(&lock) == 0);
	assert(pthread_rwlock_destroy(&lock) == 0);
	return 0;
}
