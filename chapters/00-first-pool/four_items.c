/* SPDX-License-Identifier: MIT */
/*
 * four_items.c - two workers share four items of different lengths
 *
 * The items only sleep. In the explorer's time, which stands still while
 * anybody can run, that is exact. The notes are for it alone: natively they
 * do nothing.
 */
#include <time.h>

#include "../../tests/explore/explore.h"
#include "stage.h"

struct job {
	const char *post, *begin, *end;	/* what the timeline is told */
	long milliseconds;
};

static void
work(void *argument)
{
	const struct job *job = argument;
	struct timespec time = { 0, job->milliseconds * 1000000 };

	explore_note(job->begin);
	nanosleep(&time, NULL);
	explore_note(job->end);
}

int
main(void)
{
	static struct job jobs[] = {
		{ "post report", "begin report", "end report", 30 },
		{ "post backup", "begin backup", "end backup", 20 },
		{ "post thumbnail", "begin thumbnail", "end thumbnail", 10 },
		{ "post mail", "begin mail", "end mail", 10 },
	};
	struct first_pool pool;

	must(first_pool_init(&pool, 2));
	for (int i = 0; i < 4; i++) {
		explore_note(jobs[i].post);
		must(first_pool_submit(&pool, work, &jobs[i]));
	}
	first_pool_destroy(&pool);
	puts("main: all four are done");
	return 0;
}
