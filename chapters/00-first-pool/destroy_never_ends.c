/* SPDX-License-Identifier: MIT */
/*
 * destroy_never_ends.c - the fifth breakage: the end of the pool
 *
 * A music player is closed while a song plays. In the queue: two songs
 * fetched ahead, which nobody wants any more, and a heartbeat, which
 * submits itself again each time.
 */
#include "stage.h"

enum { ENOUGH = 1000 };		/* heartbeats, to make the point */

static struct gate song_plays = GATE_SHUT;
static struct gate song_may_end = GATE_SHUT;
static struct gate seen_enough = GATE_SHUT;
static struct gate rescue = GATE_SHUT;
static struct gate closed = GATE_SHUT;
static int beats;		/* only the one worker touches it */

static void
play(void *argument)
{
	(void)argument;
	gate_open(&song_plays);
	gate_wait(&song_may_end);
}

static void
fetch(void *argument)
{
	const char *song = argument;

	printf("item: %s fetched, for nobody\n", song);
}

static void
heartbeat(void *argument)
{
	if (++beats == ENOUGH) {
		gate_open(&seen_enough);
		gate_wait(&rescue);	/* without it: round and round */
		return;
	}
	must(first_pool_submit(argument, heartbeat, argument));
}

static void *
close_player(void *argument)
{
	first_pool_destroy(argument);
	gate_open(&closed);
	return NULL;
}

int
main(void)
{
	struct first_pool pool;
	pthread_t closer;

	must(first_pool_init(&pool, 1));
	must(first_pool_submit(&pool, play, NULL));
	must(first_pool_submit(&pool, fetch, "song 2"));
	must(first_pool_submit(&pool, fetch, "song 3"));
	must(first_pool_submit(&pool, heartbeat, &pool));
	gate_wait(&song_plays);
	must(pthread_create(&closer, NULL, close_player, &pool));
	await_destroy(&pool);
	gate_open(&song_may_end);
	gate_wait(&seen_enough);
	printf("main: %d heartbeats after the call; has it returned? %s\n",
	    ENOUGH, gate_is_open(&closed) ? "yes" : "no");
	gate_open(&rescue);
	must(pthread_join(closer, NULL));
	puts("main: destroy has returned, because the heartbeat gave up");
	return 0;
}
