/* suite.c - the checks of "Find the task that is worth a pool": batch */
/* SPDX-License-Identifier: MIT */
/*
 * The answer's batch is run with a clock and tasks of the suite's own. Each
 * reading of the clock and each task waits at a gate, so that the suite can
 * look, before it lets them go, at all that has happened up to then. The
 * clock shows 1000 at its first reading and 2000 at the second.
 *
 * The checks of the CSV are in claims.c.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite.h"

#include "measure.h"

#define TASKS 12

struct job {
	unsigned threads, length;
	struct span span;	/* from batch */
};

static struct gate readings_gate[2], tasks_gate;
static struct tally readings, begun, ended, misled, strays;
static pthread_t caller;	/* of batch */
static unsigned length;		/* that tasks are to be given */

int64_t
now(void)
{
	unsigned long reading = tally_add(&readings);

	if (reading <= 2)
		gate_wait(&readings_gate[reading - 1]);
	return (int64_t)reading * 1000;
}

unsigned
task(unsigned turns)
{
	if (turns != length)
		tally_add(&misled);
	if (!pthread_equal(pthread_self(), caller))
		tally_add(&strays);
	tally_add(&begun);
	gate_wait(&tasks_gate);
	tally_add(&ended);
	return turns;
}

static void
run_batch(void *argument)
{
	struct job *job = argument;

	caller = pthread_self();
	length = job->length;
	job->span = batch(job->threads, job->length, TASKS);
}

static void
begin_anew(void)
{
	static const struct gate shut = GATE_SHUT;
	static const struct tally zero = TALLY_ZERO;

	readings_gate[0] = readings_gate[1] = tasks_gate = shut;
	readings = begun = ended = misled = strays = zero;
}

/* ---- Tasks and threads ---- */

static void
require_threads(unsigned threads)
{
	unsigned long inside = tally_read(&begun) - tally_read(&ended);

	require(inside > 0, "batch returned, or went to sleep, without "
		"running a task");
	if (threads == 0) {
		require(tally_read(&strays) == 0 && inside == 1, "with "
			"threads = 0, a task ran elsewhere than in the thread "
			"that called batch");
		return;
	}
	require(tally_read(&strays) == inside, "with a pool, a task ran in "
		"the thread that called batch");
	require(inside >= threads, "fewer tasks ran at the same time than the "
		"pool was to have threads, with threads = %u", threads);
	require(inside == threads, "more tasks ran at the same time than the "
		"pool was to have threads, with threads = %u", threads);
}

static void
run_on(unsigned threads)
{
	struct job job = { threads, 100 + threads, { 0, 0 } };
	unsigned long made, live;
	struct actor actor;

	begin_anew();
	gate_open(&readings_gate[1]);
	made = made_threads();
	live = live_threads();
	actor_start(&actor, run_batch, &job);
	await_still();
	require(tally_read(&readings) == 0 || made_threads() == made ||
		live_threads() >= live + threads,
		"when batch read the clock, its pool did not have its threads "
		"yet, with threads = %u", threads);
	gate_open(&readings_gate[0]);
	await_still();
	require_threads(threads);
	gate_open(&tasks_gate);
	awaiting("batch to return when its tasks have returned");
	actor_join(&actor);
	await_still();
	require(tally_read(&begun) == TASKS, "of %d tasks, batch ran %lu",
		TASKS, tally_read(&begun));
	require(tally_read(&misled) == 0,
		"a task was given another length than batch was");
}

CHECK(every_task_runs_once_on_its_threads)
{
	for (unsigned threads = 0; threads <= 3; threads++)
		run_on(threads);
}

/* ---- The clock ---- */

static void
read_the_clock_with(unsigned threads)
{
	struct job job = { threads, 7, { 0, 0 } };
	unsigned long made, live;
	struct actor actor;

	begin_anew();
	actor_start(&actor, run_batch, &job);
	await_still();
	require(tally_read(&begun) == 0,
		"a task had begun before batch read the clock");
	require(tally_read(&readings) == 1,
		"batch returned, or went to sleep, before it read the clock");
	made = made_threads();
	live = live_threads();
	gate_open(&readings_gate[0]);
	await_still();
	require(tally_read(&begun) > 0 || tally_read(&readings) == 1,
		"batch read the clock twice before the first task began");
	require(tally_read(&readings) == 1, "batch read the clock for the "
		"second time before the last task had returned");
	gate_open(&tasks_gate);
	await_still();
	require(tally_read(&readings) == 2 && !actor_done(&actor),
		"batch did not read the clock a second time");
	require(made_threads() == made,
		"threads were made between the two readings of the clock");
	require(live_threads() == live,
		"threads ended between the two readings of the clock");
	gate_open(&readings_gate[1]);
	awaiting("batch to return after it has read the clock twice");
	actor_join(&actor);
	require(tally_read(&readings) == 2,
		"batch read the clock more than twice");
	require(job.span.begin == 1000 && job.span.end == 2000,
		"batch gave other times than those it had read");
}

CHECK(the_clock_is_read_around_the_tasks_and_nothing_else)
{
	read_the_clock_with(0);
	read_the_clock_with(2);
}

/* ---- Printing ---- */

/* How many bytes does batch print, to whichever of the two streams? */
static long
bytes_printed(unsigned threads)
{
	int file = open("printed", O_CREAT | O_TRUNC | O_RDWR, 0600);
	struct job job = { threads, 7, { 0, 0 } };
	struct stat status;

	fflush(NULL);
	require(file >= 0 && dup2(file, 1) == 1 && dup2(file, 2) == 2,
		"the check itself could not redirect the output");
	begin_anew();
	gate_open(&readings_gate[0]);
	gate_open(&readings_gate[1]);
	gate_open(&tasks_gate);
	run_batch(&job);
	fflush(NULL);
	require(fstat(file, &status) == 0,
		"the check itself could not look at the output");
	close(file);
	return (long)status.st_size;
}

CHECK(nothing_is_printed_while_the_clock_runs)
{
	for (unsigned threads = 0; threads <= 2; threads++) {
		awaiting("batch to return");
		require(bytes_printed(threads) == 0,
			"batch printed something");
		require(tally_read(&begun) > 0, "batch ran no task, so that "
			"its silence says nothing");
	}
}
