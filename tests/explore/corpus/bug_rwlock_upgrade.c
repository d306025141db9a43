/* bug_rwlock_upgrade.c - two readers who both want to become the writer */
/* SPDX-License-Identifier: MIT */
/*
 * A readers-writer lock with an upgrade: a reader that finds the cache empty
 * waits until it is the only reader left, and is the writer then. If two
 * readers upgrade, each waits for the other to leave, and neither does. An
 * upgrade that may not fail cannot be granted to two; that is why POSIX has
 * none.
 *
 * verdict: deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int readers;		/* Guarded by lock. */
static bool writing;		/* Guarded by lock. */
static bool cached;		/* Guarded by the lock made of these. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void
read_lock(void)
{
	pthread_mutex_lock(&lock);
	while (writing)
		pthread_cond_wait(&changed, &lock);
	readers++;
	pthread_mutex_unlock(&lock);
}

static void
read_unlock(void)
{
	pthread_mutex_lock(&lock);
	readers--;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void
upgrade(void)
{
	pthread_mutex_lock(&lock);
	while (readers > 1)		/* BUG: the other one may do so too */
		pthread_cond_wait(&changed, &lock);
	readers--;
	writing = true;
	pthread_mutex_unlock(&lock);
}

static void
write_unlock(void)
{
	pthread_mutex_lock(&lock);
	writing = false;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void *
look_up(void *unused)
{
	(void)unused;
	read_lock();
	if (cached) {
		read_unlock();
	} else {
		upgrade();
		cached = true;
		write_unlock();
	}
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(look_up);

	look_up(NULL);
	pthread_join(thread, NULL);
	assert(cached);
	return 0;
}
