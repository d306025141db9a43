/* ok_publish.c - finished first, then announced, by release and acquire */
/* SPDX-License-Identifier: MIT */
/*
 * A writer makes two versions of a configuration, one after the other, each
 * in memory of its own. Correct, because every field is stored before the
 * address is published by a release store, and a reader that sees the
 * address by an acquire load sees all that came before the store. A version
 * is never written again once published, and not freed while readers may
 * have it: both live to the end. The order of versions is kept too: two
 * loads of one atomic never go back in time.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

struct config {
	int version;
	int workers;		/* Always ten times the version. */
};

static struct config made[2];
static struct config *_Atomic current;

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
	for (int i = 0; i < 2; i++) {
		made[i].version = i + 1;
		made[i].workers = 10 * (i + 1);
		atomic_store_explicit(&current, &made[i],
		    memory_order_release);
	}
	return NULL;
}

/* Checks what is current now, and returns its version; 0: none yet. */
static int
check(void)
{
	struct config *seen = atomic_load_explicit(&current,
	    memory_order_acquire);

	if (seen == NULL)
		return 0;
	assert(seen->workers == 10 * seen->version);
	return seen->version;
}

static void *
reader(void *unused)
{
	int before = check();
	int after = check();

	(void)unused;
	assert(before <= after);
	return NULL;
}

int
main(void)
{
	pthread_t writer = start(configure);
	pthread_t other = start(reader);

	reader(NULL);
	pthread_join(writer, NULL);
	pthread_join(other, NULL);
	assert(check() == 2);
	return 0;
}
