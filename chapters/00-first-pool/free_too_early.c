/* SPDX-License-Identifier: MIT */
/*
 * free_too_early.c - the second breakage: nobody knows when the item's
 * argument, or its code, may be freed
 *
 * The item opens a gate when it has done its work. The gate `resume` stands
 * for the scheduler, which may stop a thread after any line and for any
 * time. Nothing is really freed: two flags say what would be gone.
 */
#include "stage.h"

struct request {
	struct gate done;	/* opened by the item: I have done */
	int answer;		/* written before that */
	bool freed;		/* by main, once it has the answer */
};

static struct request request = { .done = GATE_SHUT };
static bool plugin_unloaded;	/* the library that compute() stands in */
static struct gate resume = GATE_SHUT;

static void
compute(void *argument)
{
	struct request *own = argument;

	own->answer = 42;
	gate_open(&own->done);		/* the last line, one would think */
	gate_wait(&resume);
	printf("item: still running; request %s, plug-in %s\n",
	    own->freed ? "freed" : "valid",
	    plugin_unloaded ? "unloaded" : "loaded");
}

int
main(void)
{
	struct first_pool pool;

	must(first_pool_init(&pool, 1));
	must(first_pool_submit(&pool, compute, &request));
	gate_wait(&request.done);
	printf("main: the answer is %d\n", request.answer);
	request.freed = true;		/* free(request) */
	plugin_unloaded = true;		/* dlclose(plugin) */
	gate_open(&resume);
	first_pool_destroy(&pool);
	puts("main: only now has the item returned");
	return 0;
}
