/* script.c - right: one pool, whose limits change while it is busy */
/* SPDX-License-Identifier: MIT */
/*
 * After each step of the script time passes, and then as many callbacks must
 * have begun as it says. The n-th that begins, whichever it is, is held at
 * the n-th gate; so no order is taken for granted.
 */
#include <string.h>

#include "clock.h"
#include "suite.h"
#include "threadpool.h"

#define MOST 16
#define ANY (~0u)

static struct gate gates[MOST];
static struct tally begun = TALLY_ZERO, other_begun = TALLY_ZERO;
static struct gate other_gate = GATE_SHUT;
static char order[MOST + 1];		/* each place written by one callback */
static unsigned opened;
static PTP_POOL pool, other;
static unsigned long threads_before;

static const struct step {
	char act;
	unsigned number;
	unsigned long begun;
	unsigned long threads;
} script[] = {
	{ '+', 2, 0, ANY },		/* the maximum */
	{ 'n', 3, 2, ANY },		/* posts of normal priority */
	{ '+', 3, 3, ANY },
	{ 'n', 3, 3, ANY },
	{ '+', 1, 3, ANY },		/* and three run */
	{ 'o', 2, 3, ANY },		/* opens gates: these return */
	{ 'o', 1, 4, ANY },
	{ 'f', 3, 4, ANY },		/* a minimum that is refused */
	{ '-', 2, 5, ANY },		/* one that is not */
	{ '+', 1, 5, ANY },
	{ 'o', 1, 5, ANY },
	{ 'o', 2, 6, ANY },
	{ '-', 2, 6, 2 },		/* idle */
	{ '+', 1, 6, 1 },
	{ 'n', 1, 7, ANY },
	{ 'l', 1, 7, ANY },
	{ 'n', 1, 7, ANY },
	{ 'h', 1, 7, ANY },
	{ 'o', 4, 10, ANY },
	{ 'n', 3, 11, ANY },
	{ 'c', 0, 11, ANY },		/* closes the pool */
	{ 'o', 3, 13, ANY }
};

/* Which posts they are, by the turns in which they begin. */
static const char expected[] = "nnnnnnnhnlnnn";

static void CALLBACK
run(PTP_CALLBACK_INSTANCE instance, PVOID letter, PTP_WORK work)
{
	unsigned long turn = tally_add(&begun);

	(void)instance;
	(void)work;
	require(turn <= MOST, "more callbacks than posts");
	order[turn - 1] = *(const char *)letter;
	gate_wait(&gates[turn - 1]);
}

static void CALLBACK
run_elsewhere(PTP_CALLBACK_INSTANCE instance, PVOID unused, PTP_WORK work)
{
	(void)instance;
	(void)unused;
	(void)work;
	tally_add(&other_begun);
	gate_wait(&other_gate);
}

static void
close_pool(void *unused)
{
	(void)unused;
	CloseThreadpool(pool);
}

static void
close_at_once(void)
{
	struct actor closer;

	actor_start(&closer, close_pool, NULL);
	await_still();
	require(actor_done(&closer), "CloseThreadpool has not returned");
	actor_join(&closer);
}

static void
set_minimum(unsigned threads, bool refused)
{
	fail_threads(refused);
	require(SetThreadpoolThreadMinimum(pool, threads) == !refused,
		"SetThreadpoolThreadMinimum returned the wrong value");
	fail_threads(false);
}

static void
act(const struct step *step, PTP_WORK low, PTP_WORK normal, PTP_WORK high)
{
	PTP_WORK work = step->act == 'l' ? low :
		step->act == 'n' ? normal : high;

	switch (step->act) {
	case '+':
		SetThreadpoolThreadMaximum(pool, step->number);
		break;
	case '-':
	case 'f':
		set_minimum(step->number, step->act == 'f');
		break;
	case 'o':
		for (unsigned i = 0; i < step->number; i++)
			gate_open(&gates[opened++]);
		break;
	case 'c':
		close_at_once();
		break;
	default:
		for (unsigned i = 0; i < step->number; i++)
			SubmitThreadpoolWork(work);
	}
}

static void
look(const struct step *step)
{
	unsigned long threads;

	clock_to(clock_us() + 20 * 1000000ll);
	threads = live_threads() - threads_before;
	require(tally_read(&begun) == step->begun,
		"step %d: callbacks that have begun: %lu, and not %lu",
		(int)(step - script) + 1, tally_read(&begun), step->begun);
	require(step->threads == ANY || threads == step->threads,
		"step %d: threads: %lu, and not %lu",
		(int)(step - script) + 1, threads, step->threads);
}

static PTP_WORK
create(PTP_WORK_CALLBACK callback, const char *letter,
	PTP_CALLBACK_ENVIRON settings, TP_CALLBACK_PRIORITY priority)
{
	PTP_WORK work;

	SetThreadpoolCallbackPriority(settings, priority);
	work = CreateThreadpoolWork(callback, (PVOID)letter, settings);
	require(work != NULL, "CreateThreadpoolWork failed");
	return work;
}

/* Posts once to the other pool, which has one thread. */
static PTP_WORK
block_the_other(PTP_CALLBACK_ENVIRON settings)
{
	PTP_WORK work;

	SetThreadpoolThreadMaximum(other, 1);
	SetThreadpoolCallbackPool(settings, other);
	work = create(run_elsewhere, NULL, settings,
		TP_CALLBACK_PRIORITY_NORMAL);
	SubmitThreadpoolWork(work);
	tally_await(&other_begun, 1);
	return work;
}

static void
play(void)
{
	TP_CALLBACK_ENVIRON settings;
	PTP_WORK low, normal, high, elsewhere;

	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackRunsLong(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
	low = create(run, "l", &settings, TP_CALLBACK_PRIORITY_LOW);
	normal = create(run, "n", &settings, TP_CALLBACK_PRIORITY_NORMAL);
	high = create(run, "h", &settings, TP_CALLBACK_PRIORITY_HIGH);
	elsewhere = block_the_other(&settings);
	threads_before = live_threads() - 1;	/* but for the pool's first */
	for (size_t i = 0; i < sizeof(script) / sizeof(script[0]); i++) {
		act(&script[i], low, normal, high);
		look(&script[i]);
	}
	CloseThreadpoolWork(low);
	CloseThreadpoolWork(normal);
	CloseThreadpoolWork(high);
	gate_open(&other_gate);
	WaitForThreadpoolWorkCallbacks(elsewhere, FALSE);
	CloseThreadpoolWork(elsewhere);
	CloseThreadpool(other);
	DestroyThreadpoolEnvironment(&settings);
}

void tests(void);

void
tests(void)
{
	static const struct gate shut = GATE_SHUT;

	clock_begin();
	for (unsigned i = 0; i < MOST; i++)
		gates[i] = shut;
	pool = CreateThreadpool(NULL);
	other = CreateThreadpool(NULL);
	require(pool != NULL && other != NULL, "CreateThreadpool failed");
	play();
	require(strcmp(order, expected) == 0,
		"a higher priority did not begin first");
}
