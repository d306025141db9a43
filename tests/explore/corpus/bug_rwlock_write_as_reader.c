/* bug_rwlock_write_as_reader.c - a count kept under the read lock */
/* SPDX-License-Identifier: MIT */
/*
 * A table is looked up under the read lock, and somebody has added a count
 * of the look-ups. Readers do not shut out each other: two may count at the
 * same time. Most of the time, and in every test with one reader, the count
 * is right.
 *
 * verdict: race
 * needs: races
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int table[2] = { 3, 4 };	/* Guarded by lock. */
static int used;		/* Guarded by lock. */

static void *
look_up(void *unused)
{
	int found;

	(void)unused;
	pthread_rwlock_rdlock(&lock);
	found = table[0];
	used++;				/* BUG: a write, by a reader */
	pthread_rwlock_unlock(&lock);
	assert(found == 3);
	return NULL;
}

int
main(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, look_up, NULL);

	assert(error == 0);
	look_up(NULL);
	pthread_join(thread, NULL);
	return used > 0 ? 0 : 1;
}
