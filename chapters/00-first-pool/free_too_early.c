/* SPDX-License-Identifier: MIT */
/*
 * free_too_early.c - the second breakage: nobody knows when the item's
 * argument, or its code, may be freed
 *
 * The item says that it has done its work, and its client believes it.
 *
 * explore: must=race
 */
#include "stage.h"

struct request {
	struct gate done;	/* opened by the item: I have done */
	int answer;		/* written before that */
};

static void
compute(void *argument)
{
	struct request *request = argument;

	request->answer = 42;
	gate_open(&request->done);	/* the last line, one would think */
	printf("item: the answer was %d\n", request->answer);
}

int
main(void)
{
	struct first_pool pool;
	struct request *request = malloc(sizeof *request);

	must(request == NULL);
	*request = (struct request) { .done = GATE_SHUT };
	must(first_pool_init(&pool, 1));
	must(first_pool_submit(&pool, compute, request));
	gate_wait(&request->done);
	printf("main: the answer is %d\n", request->answer);
	free(request);
	first_pool_destroy(&pool);
	return 0;
}
