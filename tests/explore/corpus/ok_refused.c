/* ok_refused.c - memory and threads that are refused, one at a time */
/* SPDX-License-Identifier: MIT */
/*
 * The program asks the explorer to have the next allocation fail, or the one
 * after it, and looks whether just that one does, by whichever call it comes.
 * Correct, because it does without what it is refused. Natively nothing is
 * refused.
 *
 * verdict: pass
 * options: leftovers
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "explore.h"

/* Is that what had to come of a call that is to be refused? */
static bool
is_refused(void *block)
{
	bool refused = block == NULL && errno == ENOMEM;

	free(block);
	return refused == explore_active();
}

static void
refuse_blocks(void)
{
	void *block, *more;

	explore_fail_nth(EXPLORE_MALLOC, 1);
	assert(is_refused(malloc(1)));
	explore_fail_nth(EXPLORE_MALLOC, 1);
	assert(is_refused(calloc(3, 5)));
	explore_fail_nth(EXPLORE_MALLOC, 1);
	assert(is_refused(strdup("abc")));
	explore_fail_nth(EXPLORE_MALLOC, 1);
	assert(posix_memalign(&block, 64, 9) ==
	    (explore_active() ? ENOMEM : 0));
	if (!explore_active())
		free(block);
	block = malloc(8);
	assert(block != NULL);
	explore_fail_nth(EXPLORE_MALLOC, 1);
	more = realloc(block, 80);
	assert((more == NULL) == explore_active());
	free(more != NULL ? more : block);	/* still there if refused */
}

/* The second from now, and only that. */
static void
refuse_the_second(void)
{
	void *first, *second, *third;

	explore_fail_nth(EXPLORE_MALLOC, 2);
	first = malloc(1);
	second = malloc(1);
	third = malloc(1);
	assert(first != NULL && third != NULL);
	assert((second == NULL) == explore_active());
	free(first);
	free(second);
	free(third);
}

static void *
body(void *unused)
{
	return unused;
}

int
main(void)
{
	pthread_t thread;
	int error;

	refuse_blocks();
	refuse_the_second();
	explore_fail_nth(EXPLORE_THREAD, 1);
	error = pthread_create(&thread, NULL, body, NULL);
	assert(error == (explore_active() ? EAGAIN : 0));
	if (error == 0)
		pthread_join(thread, NULL);
	error = pthread_create(&thread, NULL, body, NULL);
	assert(error == 0);
	pthread_join(thread, NULL);
	return 0;
}
