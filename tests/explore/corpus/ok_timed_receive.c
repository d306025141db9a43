/* ok_timed_receive.c - served or timed out, but never both */
/* SPDX-License-Identifier: MIT */
/*
 * bug_timeout_lost_item.c with the cure. A receiver waits for a letter for
 * at most 1 ms; the sender delivers only to a receiver that is still
 * expecting one. Correct, because delivery and giving up are both decided
 * under the lock by the state alone: after a time-out the receiver looks
 * into its hand, not at the return value. So whatever the clock does, a
 * letter reported as delivered was received.
 *
 * verdict: pass
 * options: time=race
 */
#include <assert.h>
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
	end.tv_nsec += 1000 * 1000;
	if (end.tv_nsec >= 1000 * 1000 * 1000) {
		end.tv_sec++;
		end.tv_nsec -= 1000 * 1000 * 1000;
	}
	pthread_mutex_lock(&lock);
	while (!in_hand && error == 0)
		error = pthread_cond_timedwait(&arrived, &lock, &end);
	bool received = in_hand;
	expected = false;
	pthread_mutex_unlock(&lock);
	return received;
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
