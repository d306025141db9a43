/* lowers_an_idle_pool.c - a mutant: lowers the maximum while nothing runs */
/* SPDX-License-Identifier: MIT */
/*
 * check: lowered_in_vain
 * message: the tests find nothing wrong with this pool
 */
#include "clock.h"
#include "suite.h"
#include "threadpool.h"

struct job {
	PTP_WORK work;
	struct gate gate;
	struct tally begun, ended;
	unsigned long turn;		/* of its first callback */
};

static struct job one, two, three;
static struct tally turns;
static PTP_POOL pool;
static TP_CALLBACK_ENVIRON settings;

static void
pass_time(void)
{
	clock_to(clock_us() + 20 * 1000000ll);
}

static void CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct job *job = context;
	unsigned long turn = tally_add(&turns);

	(void)instance;
	(void)work;
	if (tally_add(&job->begun) == 1)
		job->turn = turn;
	gate_wait(&job->gate);
	tally_add(&job->ended);
}

static void
make(struct job *job, PTP_CALLBACK_ENVIRON environment)
{
	static const struct job empty = {
		NULL, GATE_SHUT, TALLY_ZERO, TALLY_ZERO, 0
	};

	*job = empty;
	job->work = CreateThreadpoolWork(run, job, environment);
	require(job->work != NULL, "CreateThreadpoolWork failed");
}

static void
end(struct job *job)
{
	gate_open(&job->gate);
	WaitForThreadpoolWorkCallbacks(job->work, FALSE);
	CloseThreadpoolWork(job->work);
}

static PTP_POOL
new_pool(DWORD maximum)
{
	PTP_POOL made = CreateThreadpool(NULL);

	require(made != NULL, "CreateThreadpool failed");
	SetThreadpoolThreadMaximum(made, maximum);
	return made;
}

/* A pool, and two objects whose callbacks run long. */
static void
start(DWORD maximum)
{
	static const struct tally none = TALLY_ZERO;

	turns = none;
	pool = new_pool(maximum);
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
	SetThreadpoolCallbackRunsLong(&settings);
	make(&one, &settings);
	make(&two, &settings);
}

static void
finish(void)
{
	end(&one);
	end(&two);
	CloseThreadpool(pool);
	DestroyThreadpoolEnvironment(&settings);
}

static void
post(struct job *job, int posts)
{
	while (posts-- > 0)
		SubmitThreadpoolWork(job->work);
	pass_time();
}

static void
must_have_begun(struct job *job, unsigned long callbacks)
{
	require(tally_read(&job->begun) == callbacks,
		"the number of callbacks that have begun is %lu, not %lu",
		tally_read(&job->begun), callbacks);
}

static void
as_many_as_the_maximum(void)
{
	start(2);
	post(&one, 4);
	must_have_begun(&one, 2);
	gate_open(&one.gate);
	pass_time();
	must_have_begun(&one, 4);
	finish();
}

static void
a_refused_minimum_changes_nothing(void)
{
	start(1);
	fail_threads(true);
	require(!SetThreadpoolThreadMinimum(pool, 2),
		"the system refuses threads, and there is a minimum of 2");
	fail_threads(false);
	post(&one, 3);
	must_have_begun(&one, 1);
	finish();
}

static void
a_higher_maximum_starts_what_is_queued(void)
{
	start(1);
	post(&one, 3);
	must_have_begun(&one, 1);
	SetThreadpoolThreadMaximum(pool, 2);
	pass_time();
	must_have_begun(&one, 2);
	finish();
}

static void
a_lower_maximum_ends_nothing_and_is_kept(void)
{
	start(2);
	SetThreadpoolThreadMaximum(pool, 1);
	post(&one, 2);
	must_have_begun(&one, 1);
	gate_open(&one.gate);
	pass_time();
	require(tally_read(&one.ended) == 2, "what ran did not end");
	post(&two, 2);
	must_have_begun(&two, 1);
	finish();
}

static void
the_minimum_stays(void)
{
	unsigned long before;

	pass_time();
	before = live_threads();
	start(2);
	require(SetThreadpoolThreadMinimum(pool, 2), "no minimum of 2");
	pass_time();
	require(live_threads() - before == 2,
		"idle, its number of threads is %lu, its minimum is 2",
		live_threads() - before);
	finish();
	pass_time();
	require(live_threads() == before, "a closed pool has threads");
}

static void
close_the_pool(void *unused)
{
	(void)unused;
	CloseThreadpool(pool);
}

static void
closing_neither_waits_nor_drops(void)
{
	struct actor closer;

	start(1);
	post(&one, 3);
	actor_start(&closer, close_the_pool, NULL);
	await_still();
	require(actor_done(&closer), "CloseThreadpool waits");
	actor_join(&closer);
	gate_open(&one.gate);
	pass_time();
	must_have_begun(&one, 3);
	end(&one);
	end(&two);
}

/* The environment names another pool when the third is made. */
static void
two_pools_are_two(void)
{
	PTP_POOL other = new_pool(1);

	start(1);
	SetThreadpoolCallbackPool(&settings, other);
	make(&three, &settings);
	post(&three, 2);
	post(&one, 2);
	must_have_begun(&three, 1);
	must_have_begun(&one, 1);
	end(&three);
	CloseThreadpool(other);
	finish();
}

static void
the_higher_priority_begins_first(void)
{
	struct job low;

	start(1);
	SetThreadpoolCallbackPriority(&settings, TP_CALLBACK_PRIORITY_LOW);
	make(&low, &settings);
	SetThreadpoolCallbackPriority(&settings, TP_CALLBACK_PRIORITY_HIGH);
	make(&three, &settings);
	post(&one, 1);
	SubmitThreadpoolWork(low.work);
	SubmitThreadpoolWork(two.work);
	post(&three, 1);
	gate_open(&low.gate);
	gate_open(&two.gate);
	gate_open(&three.gate);
	gate_open(&one.gate);
	end(&low);
	end(&three);
	finish();
	require(three.turn == 2 && two.turn == 3 && low.turn == 4,
		"a higher priority did not begin first");
}

void tests(void);

void
tests(void)
{
	clock_begin();
	as_many_as_the_maximum();
	a_refused_minimum_changes_nothing();
	a_higher_maximum_starts_what_is_queued();
	a_lower_maximum_ends_nothing_and_is_kept();
	the_minimum_stays();
	closing_neither_waits_nor_drops();
	two_pools_are_two();
	the_higher_priority_begins_first();
}
