/* ok_rw_cache.c - a cache under a readers-writer lock */
/* SPDX-License-Identifier: MIT */
/*
 * Who finds the cache empty drops the read lock, takes the write lock, and
 * looks again. Correct, because the entry is read under the lock for reading
 * at least and written under the lock for writing, and what was seen under
 * one lock is not believed under the next: so the entry is loaded once. No
 * thread ever holds one lock while it waits for another, so none can wait
 * for ever. Compare bug_rwlock_recheck.c and bug_rwlock_upgrade.c.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int entry;		/* 0: none. Guarded by lock. */
static int loads;		/* Guarded by lock. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static int
look_up(void)
{
	pthread_rwlock_rdlock(&lock);
	int seen = entry;
	pthread_rwlock_unlock(&lock);
	if (seen != 0)
		return seen;

	pthread_rwlock_wrlock(&lock);
	if (entry == 0) {
		loads++;
		entry = 42;
	}
	seen = entry;
	pthread_rwlock_unlock(&lock);
	return seen;
}

static void *
user(void *unused)
{
	(void)unused;
	for (int i = 0; i < 2; i++)
		assert(look_up() == 42);
	return NULL;
}

int
main(void)
{
	pthread_t one = start(user);
	pthread_t two = start(user);

	user(NULL);
	pthread_join(one, NULL);
	pthread_join(two, NULL);
	assert(loads == 1);
	return 0;
}
