/* bug_publish_before_init.c - the address goes out before the contents */
/* SPDX-License-Identifier: MIT */
/*
 * A thread makes a new configuration and publishes its address; main uses it
 * as soon as it sees one. The address is stored first and the field after
 * it, so main may read a field that nobody has set. To swap the two lines is
 * not enough in C: without a lock or a release store the compiler and the
 * processor may swap them back, and it stays a data race.
 *
 * verdict: race|assertion
 * needs: races
 * message: current
 * median: 10
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

struct config {
	int workers;
};

static struct config made;
static struct config *current;	/* BUG: guarded by nothing */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
configure(void *unused)
{
	(void)unused;
	current = &made;
	made.workers = 4;
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(configure);
	struct config *seen = current;

	if (seen != NULL)
		assert(seen->workers == 4);
	pthread_join(thread, NULL);
	return 0;
}
