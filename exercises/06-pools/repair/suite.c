/* suite.c - the checks of "Threads of one's own" */
/* SPDX-License-Identifier: MIT */
/*
 * Jobs are held at a gate, so that as many of them run as ever will. What
 * runs, and how many threads there are, is looked at when all is still.
 */
#include <stdlib.h>

#include "suite.h"

#include "press.h"

static struct gate gate = GATE_SHUT, other_gate = GATE_SHUT;
static struct tally begun, ended, other_begun;

static void
hold(void *unused)
{
	(void)unused;
	tally_add(&begun);
	gate_wait(&gate);
	tally_add(&ended);
}

static void
hold_other(void *unused)
{
	(void)unused;
	tally_add(&other_begun);
	gate_wait(&other_gate);
}

static struct press *
start(unsigned threads)
{
	struct press *press;

	setenv("TP_IDLE_MS", "36000000", 1);
	setenv("TP_STALL_MS", "36000000", 1);
	setenv("TP_PROCESSORS", "3", 1);
	press = press_open(threads);
	require(press != NULL, "press_open failed");
	return press;
}

static void
run(struct press *press, void (*job)(void *), int jobs)
{
	while (jobs-- > 0)
		require(press_run(press, job, NULL), "press_run failed");
}

CHECK(one_press_does_not_hold_up_another)
{
	struct press *flooded = start(3), *other = start(1);

	run(flooded, hold, 5);
	await_still();
	run(other, hold_other, 1);
	await_still();
	require(tally_read(&other_begun) == 1, "the jobs of one press kept "
		"the job of another from running");
	gate_open(&gate);
	gate_open(&other_gate);
	await_still();
	press_close(flooded);
	press_close(other);
	await_still();
}

CHECK(as_many_jobs_run_as_it_has_threads)
{
	struct press *press = start(2);

	run(press, hold, 4);
	await_still();
	require(tally_read(&begun) == 2, "a press of 2 threads was given 4 "
		"jobs, and ran %lu of them at once", tally_read(&begun));
	gate_open(&gate);
	await_still();
	press_close(press);
	await_still();
}

static void
close_press(void *press)
{
	press_close(press);
}

CHECK(all_jobs_have_run_when_it_is_closed)
{
	struct press *press = start(1);
	struct actor closer;

	run(press, hold, 5);
	tally_await(&begun, 1);
	await_still();
	actor_start(&closer, close_press, press);
	await_still();
	require(!actor_done(&closer), "press_close returned during a job");
	gate_open(&gate);
	awaiting("press_close to return after the last job");
	actor_join(&closer);
	require(tally_read(&ended) == 5, "5 jobs were given to a press, and "
		"%lu had run when it was closed", tally_read(&ended));
	await_still();
}

CHECK(what_cannot_be_opened_leaves_nothing)
{
	unsigned long before;

	press_close(start(1));	/* what the library keeps is there by now */
	await_still();
	before = live_allocations();
	fail_threads(true);
	require(press_open(1) == NULL,
		"press_open succeeded, and there is no thread");
	fail_threads(false);
	await_still();
	require(live_allocations() <= before, "press_open failed, and left "
		"something behind");
}
