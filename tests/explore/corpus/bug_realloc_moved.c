/* bug_realloc_moved.c - a pointer into a table that grows */
/* SPDX-License-Identifier: MIT */
/*
 * A table is guarded by a lock, and grows. The reader takes the address of
 * its entry under the lock and reads the entry later, without: by then
 * realloc may have moved the table, and freed the place that it was in. An
 * index would have stayed right; or the lock must be held until the read is
 * done.
 *
 * verdict: misuse|race|sanitizer
 * needs: accesses
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int *table;		/* Guarded by lock. */

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
reader(void *unused)
{
	int *entry;

	(void)unused;
	pthread_mutex_lock(&lock);
	entry = &table[0];
	pthread_mutex_unlock(&lock);
	assert(*entry == 1);			/* BUG: is it still there? */
	return NULL;
}

int
main(void)
{
	pthread_t thread;
	int *more;

	table = malloc(sizeof(*table));
	assert(table != NULL);
	table[0] = 1;
	thread = start(reader);
	pthread_mutex_lock(&lock);
	more = realloc(table, 100 * sizeof(*table));
	assert(more != NULL);
	table = more;
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	free(table);
	return 0;
}
