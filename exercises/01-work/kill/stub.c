/* kill.c - tests for a small pool */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write tests that every right pool passes and that no wrong one does.
 * The one below only shows the form. pool.h says what is promised; suite.h
 * is what tests are written with.
 */
#include "pool.h"
#include "suite.h"

static struct tally ran = TALLY_ZERO;

static void
count(void *unused)
{
	(void)unused;
	tally_add(&ran);
}

static void
a_post_runs(void)
{
	struct pool *pool = pool_start(2);
	struct work *work = work_create(pool, count, NULL);

	work_submit(work);
	awaiting("the only post to run");
	tally_await(&ran, 1);
	work_close(work);
	pool_stop(pool);
}

void tests(void);

void
tests(void)
{
	a_post_runs();
	require(false, "TODO: these tests are not finished");
}
