/* SPDX-License-Identifier: MIT */
/*
 * two_steps.c - a wait that is looked at in one step and ended in another
 *
 * Broken on purpose. The wait is a mere flag and its callback a counter, so
 * that nothing but the race is left: one thread signals, the other finds
 * that the time is up.
 *
 * explore: must=assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static atomic_bool set = true;		/* the wait still waits */
static atomic_int posts;		/* of its callback */

/* What a signal does, and a time-out. */
static void
end_in_two_steps(void)
{
	if (atomic_load(&set)) {
		atomic_store(&set, false);
		atomic_fetch_add(&posts, 1);
	}
}

static void *
signaller(void *unused)
{
	(void)unused;
	end_in_two_steps();
	return NULL;
}

int
main(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, signaller, NULL) != 0)
		return 1;
	end_in_two_steps();		/* the time is up */
	pthread_join(thread, NULL);
	assert(posts == 1);
	return 0;
}
