/* bug_rwlock_recheck.c - what was read is stale once the lock is dropped */
/* SPDX-License-Identifier: MIT */
/*
 * A cache under a readers-writer lock. POSIX has no upgrade, so a thread
 * that misses drops the read lock and takes the write lock. Between the two
 * another thread may have filled the cache; who does not look again fills it
 * twice, and the first entry is lost.
 *
 * verdict: assertion
 * message: loaded == 1
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int loaded;		/* How often; guarded by lock. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
look_up(void *unused)
{
	(void)unused;
	pthread_rwlock_rdlock(&lock);
	int seen = loaded;
	pthread_rwlock_unlock(&lock);

	if (seen == 0) {
		pthread_rwlock_wrlock(&lock);
		loaded++;		/* BUG: look again first */
		assert(loaded == 1);
		pthread_rwlock_unlock(&lock);
	}
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(look_up);

	look_up(NULL);
	pthread_join(thread, NULL);
	return 0;
}
