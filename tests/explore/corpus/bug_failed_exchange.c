/* bug_failed_exchange.c - the order of a compare-and-exchange that fails */
/* SPDX-License-Identifier: MIT */
/*
 * Two threads want to make the one parser; an exchange from 0 to 1 decides
 * who does, and 2 says that it is made. The exchange names two orders, one
 * for success and one for failure. When it fails it is a load, and this load
 * is relaxed: who learns by it that the parser is there may use it too early.
 *
 * verdict: race
 * needs: races
 * message: parser
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static int parser;		/* 42 when made */
static atomic_int state;

static void *
use(void *unused)
{
	int seen = 0;

	(void)unused;
	if (atomic_compare_exchange_strong_explicit(&state, &seen, 1,
	    memory_order_acq_rel, memory_order_relaxed)) {	/* BUG */
		parser = 42;
		atomic_store_explicit(&state, 2, memory_order_release);
	} else if (seen == 2) {
		assert(parser == 42);
	}
	return NULL;
}

int
main(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, use, NULL);

	assert(error == 0);
	use(NULL);
	pthread_join(thread, NULL);
	return 0;
}
