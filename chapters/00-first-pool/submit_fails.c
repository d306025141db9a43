/* SPDX-License-Identifier: MIT */
/*
 * submit_fails.c - the fourth breakage: submit allocates, so it can fail
 *
 * The pool's source is compiled into this program with another malloc, one
 * that has eight blocks to give, and under other names, as the program is
 * linked with the ordinary pool too. A cache takes the eight blocks; the
 * item that would empty it then finds no memory to be queued with.
 */
#define first_pool_init scarce_pool_init
#define first_pool_submit scarce_pool_submit
#define first_pool_destroy scarce_pool_destroy
#include "stage.h"

#include <errno.h>

enum { BLOCKS = 8 };

static pthread_mutex_t blocks_lock = PTHREAD_MUTEX_INITIALIZER;
static int blocks_left = BLOCKS;	/* guarded by blocks_lock */

/* Adds n blocks, or takes -n if there are as many. */
static bool
change_blocks(int n)
{
	pthread_mutex_lock(&blocks_lock);
	bool granted = blocks_left + n >= 0;
	if (granted)
		blocks_left += n;
	pthread_mutex_unlock(&blocks_lock);
	return granted;
}

static void *
scarce_malloc(size_t size)
{
	return change_blocks(-1) ? malloc(size) : NULL;
}

static void
scarce_free(void *block)
{
	if (block != NULL)
		change_blocks(1);
	free(block);
}

#define malloc(size) scarce_malloc(size)
#define free(block) scarce_free(block)
#include "first_pool.c"
#undef malloc
#undef free

static void *cache[BLOCKS];	/* pictures; used by one thread at a time */
static int pictures;

static void
fill_cache(void)
{
	while (pictures < BLOCKS) {
		cache[pictures] = scarce_malloc(64);
		if (cache[pictures] == NULL)
			break;
		pictures++;
	}
}

static void
empty_cache(void *argument)
{
	while (pictures > 0)
		scarce_free(cache[--pictures]);
	printf("cache emptied by %s\n", (const char *)argument);
}

static void
say(const char *call, int error)
{
	printf("%s: %s\n", call, error == 0 ? "accepted" :
	    error == ENOMEM ? "ENOMEM" : "another error");
}

int
main(void)
{
	struct first_pool pool;

	must(first_pool_init(&pool, 1));
	fill_cache();
	printf("cache: %d pictures, no memory left\n", pictures);
	say("submit the clean-up",
	    first_pool_submit(&pool, empty_cache, "a worker"));
	empty_cache("main, on its own thread");	/* what else? */
	say("submit it again",
	    first_pool_submit(&pool, empty_cache, "a worker"));
	first_pool_destroy(&pool);
	return 0;
}
