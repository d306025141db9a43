/* bug_timeout_lost_item.c - timed out, and served at the same time */
/* SPDX-License-Identifier: MIT */
/*
 * A receiver waits at most a second for a letter. The sender puts it into
 * the receiver's hand and reports it as delivered. If the time is up just
 * then, pthread_cond_timedwait returns ETIMEDOUT although the letter is
 * there: a receiver that believes the return value more than the state goes
 * away with the letter in its hand and says that none came. After a time-out,
 * too, the condition decides.
 *
 * verdict: assertion
 * message: received == delivered
 * options: time=race
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static bool expected = true;	/* Guarded by lock, as the rest. */
static bool in_hand;
static int delivered;

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
sender(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	if (expected) {
		in_hand = true;
		delivered++;
		pthread_cond_signal(&arrived);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

/* True when a letter came in time. */
static bool
receive(void)
{
	struct timespec end;
	int error = 0;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec++;
	pthread_mutex_lock(&lock);
	while (!in_hand && error == 0)
		error = pthread_cond_timedwait(&arrived, &lock, &end);
	expected = false;
	pthread_mutex_unlock(&lock);
	return error != ETIMEDOUT;	/* BUG: in_hand is the answer */
}

int
main(void)
{
	pthread_t thread = start(sender);
	int received = receive();

	pthread_join(thread, NULL);
	assert(received == delivered);
	return 0;
}
