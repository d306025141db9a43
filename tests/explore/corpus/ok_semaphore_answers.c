/* ok_semaphore_answers.c - what a semaphore answers, call by call */
/* SPDX-License-Identifier: MIT */
/*
 * Correct, because main alone asks for what has one answer, and the helper
 * posts once for the one wait that needs it. Explored, this shows that the
 * explorer's semaphore answers as the real one.
 *
 * verdict: pass
 */
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <time.h>

static sem_t semaphore;

static void *
post(void *unused)
{
	(void)unused;
	assert(sem_post(&semaphore) == 0);
	return NULL;
}

static int
value(void)
{
	int n;

	assert(sem_getvalue(&semaphore, &n) == 0);
	return n;
}

static void
let_it_be_refused(void)
{
	struct timespec no_time = { .tv_nsec = -1 }, past = { .tv_sec = 1 };

	assert(sem_trywait(&semaphore) == -1 && errno == EAGAIN);
	assert(sem_timedwait(&semaphore, &no_time) == -1 && errno == EINVAL);
	assert(sem_timedwait(&semaphore, &past) == -1 && errno == ETIMEDOUT);
}

int
main(void)
{
	struct timespec past = { .tv_sec = 1 };
	pthread_t thread;
	int error;

	assert(sem_init(&semaphore, 0, 2) == 0);
	assert(sem_wait(&semaphore) == 0);
	assert(sem_timedwait(&semaphore, &past) == 0);
	let_it_be_refused();

	error = pthread_create(&thread, NULL, post, NULL);
	assert(error == 0);
	assert(sem_wait(&semaphore) == 0);
	pthread_join(thread, NULL);
	assert(value() == 0);
	assert(sem_destroy(&semaphore) == 0);

	assert(sem_init(&semaphore, 0, (unsigned)SEM_VALUE_MAX + 1) == -1 &&
	    errno == EINVAL);
	assert(sem_init(&semaphore, 0, SEM_VALUE_MAX) == 0);
	assert(sem_post(&semaphore) == -1 && errno == EOVERFLOW);
	assert(value() == SEM_VALUE_MAX);
	assert(sem_destroy(&semaphore) == 0);
	return 0;
}
