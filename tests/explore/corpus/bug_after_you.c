/* bug_after_you.c - two threads too polite to go through a door */
/* SPDX-License-Identifier: MIT */
/*
 * Each thread raises its hand, and goes through the door only while the
 * other's hand is down; otherwise it backs off, lets the other run, and
 * looks again. It never takes its own hand down while it backs off. If both
 * raise their hands before either looks, both step back for ever: nobody is
 * blocked, and nobody gets on. One of the two needs the right of way.
 *
 * verdict: livelock
 * needs: atomics
 */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static atomic_bool raised[2];
static int passed;		/* Guarded by the hands. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void
pass(int me)
{
	int other = 1 - me;

	atomic_store(&raised[me], true);
	while (atomic_load(&raised[other]))
		sched_yield();		/* BUG: with the hand still up */
	passed++;
	atomic_store(&raised[me], false);
}

static void *
guest(void *unused)
{
	(void)unused;
	pass(1);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(guest);

	pass(0);
	pthread_join(thread, NULL);
	assert(passed == 2);
	return 0;
}
