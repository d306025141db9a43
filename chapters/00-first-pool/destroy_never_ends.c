/* SPDX-License-Identifier: MIT */
/*
 * destroy_never_ends.c - the fifth breakage: the end of the pool
 *
 * A music player is closed. In the queue: a song fetched ahead, which nobody
 * wants any more, and a heartbeat, which submits itself again each time.
 *
 * explore: must=livelock steps=2000
 */
#include "stage.h"

static struct first_pool pool;

static void
fetch(void *argument)
{
	const char *song = argument;

	printf("item: %s fetched, for nobody\n", song);
}

static void
heartbeat(void *argument)
{
	must(first_pool_submit(&pool, heartbeat, argument));
}

int
main(void)
{
	must(first_pool_init(&pool, 1));
	must(first_pool_submit(&pool, fetch, "song 2"));
	must(first_pool_submit(&pool, heartbeat, NULL));
	first_pool_destroy(&pool);
	puts("main: the player is closed");
	return 0;
}
