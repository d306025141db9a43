/* SPDX-License-Identifier: MIT */
/*
 * happy_path.c - 1,004 items and no more than 4 threads
 *
 * Four items that meet one another prove that four run at a time; then a
 * thousand short ones. Each notes the thread it ran on.
 */
#include "stage.h"

enum { WORKERS = 4, SHORT_ITEMS = 1000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* Guarded by lock; seen has room for a thread too many to show. */
static pthread_t seen[WORKERS + 1];
static unsigned threads, items, arrived;
static struct gate all_here = GATE_SHUT;

/* Counts the item, and its thread if that is a new one. */
static void
count_locked(void)
{
	unsigned i = 0;

	items++;
	while (i < threads && !pthread_equal(seen[i], pthread_self()))
		i++;
	if (i <= WORKERS && i == threads)
		seen[threads++] = pthread_self();
}

/* Returns when as many items are in here as there are workers. */
static void
meet(void *argument)
{
	(void)argument;
	pthread_mutex_lock(&lock);
	count_locked();
	if (++arrived == WORKERS)
		gate_open(&all_here);
	pthread_mutex_unlock(&lock);
	gate_wait(&all_here);
}

static void
count(void *argument)
{
	(void)argument;
	pthread_mutex_lock(&lock);
	count_locked();
	pthread_mutex_unlock(&lock);
}

int
main(void)
{
	struct first_pool pool;

	must(first_pool_init(&pool, WORKERS));
	for (int i = 0; i < WORKERS; i++)
		must(first_pool_submit(&pool, meet, NULL));
	gate_wait(&all_here);
	printf("%d items were running at one time\n", WORKERS);
	for (int i = 0; i < SHORT_ITEMS; i++)
		must(first_pool_submit(&pool, count, NULL));
	first_pool_destroy(&pool);
	printf("%u items ran, on %u threads\n", items, threads);
	return 0;
}
