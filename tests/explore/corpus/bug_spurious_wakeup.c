/* bug_spurious_wakeup.c - woken, therefore true */
/* SPDX-License-Identifier: MIT */
/*
 * One waiter, one signal, no thief in between as in bug_if_not_while.c:
 * here the `if` looks safe. But POSIX allows pthread_cond_wait to return
 * without any signal, and then main goes on with an answer that is not
 * there. On Linux this is too rare to be seen; the explorer makes it happen.
 *
 * verdict: assertion
 * message: answer == 42
 * options: spurious
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static int answer;		/* Guarded by lock. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
oracle(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	answer = 42;
	pthread_cond_signal(&answered);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(oracle);

	pthread_mutex_lock(&lock);
	if (answer == 0)		/* BUG: while */
		pthread_cond_wait(&answered, &lock);
	assert(answer == 42);
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	return 0;
}
