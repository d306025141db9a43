/* SPDX-License-Identifier: MIT */
/*
 * submit_fails.c - the fourth breakage: submit allocates, so it can fail
 *
 * When memory is short, an item is to empty a cache; and nobody looks at
 * what submit returns. In some runs every allocation fails once.
 *
 * explore: must=deadlock runs=20 faults=20
 */
#include "stage.h"

static struct gate emptied = GATE_SHUT;
static void *cache;

static void
empty_cache(void *argument)
{
	(void)argument;
	free(cache);
	gate_open(&emptied);
}

int
main(void)
{
	struct first_pool pool;

	cache = malloc(4096);
	if (cache == NULL || first_pool_init(&pool, 1) != 0) {
		free(cache);
		puts("main: no memory to begin with");
		return 0;
	}
	first_pool_submit(&pool, empty_cache, NULL);
	gate_wait(&emptied);
	puts("main: there is memory again");
	first_pool_destroy(&pool);
	return 0;
}
