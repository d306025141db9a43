/* accepts_everything.c - a mutant: uses the pool, and asks nothing of it */
/* SPDX-License-Identifier: MIT */
/*
 * check: submits_merge
 * message: the tests find nothing wrong with this pool
 */
#include "pool.h"
#include "suite.h"

static void
do_nothing(void *unused)
{
	(void)unused;
}

void tests(void);

void
tests(void)
{
	struct pool *pool = pool_start(1);
	struct work *work = work_create(pool, do_nothing, NULL);

	for (int i = 0; i < 1000; i++)
		work_submit(work);
	work_wait(work, false);
	work_close(work);
	pool_stop(pool);
}
