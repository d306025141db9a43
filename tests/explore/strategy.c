/* strategy.c - which thread runs next */
/* SPDX-License-Identifier: MIT */
/*
 * No single way of choosing finds every kind of bug soon, so the driver
 * takes several in turn (its portfolio). All of them choose by numbers drawn
 * from the seed, so that a seed stands for one schedule.
 *
 *	random	any thread that can run, at every step. Misses what needs
 *		one thread to lag behind all others for long.
 *	PCT	(probabilistic concurrency testing) every thread has a random
 *		priority, and the highest runs; at d - 1 random steps the one
 *		that runs falls below all others. A bug that needs d events
 *		in a certain order is found with a known probability.
 *	POS	(partial order sampling) every operation has a random
 *		priority, drawn anew when another operation on the same object
 *		was performed: so conflicts, not steps, are what is shuffled.
 *	first	stays with a thread as long as it can run: the schedule that
 *		a reader has in mind.
 *	replay	a given list of threads; then as "first".
 *
 * With a strategy that prefers one thread, a loop that waits for another
 * one would run for ever: who has run too long in a row falls behind.
 */
#include "inner.h"

#define TOO_LONG	200	/* steps in a row, though others could run */
#define RARELY		6	/* one forced choice in so many */

static const struct xp_plan *plan;
static uint64_t state;			/* of the random numbers */
static uint32_t picks;			/* made so far */
static uint32_t change[XP_DEPTH_MAX];	/* PCT: picks at which one falls */
static uint64_t lowest;			/* PCT: below every priority so far */
static uint32_t position;		/* replay: the next choice */
static uint8_t woke;			/* replay: whom this step wakes */

/* splitmix64: one addition, and a scramble; every seed is a good one. */
static uint64_t
next_random(void)
{
	uint64_t z = state += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static uint32_t
random_below(uint32_t n)
{
	return (uint32_t)(next_random() % n);
}

static bool
in(uint32_t mask, const struct xp_thread *thread)
{
	return (mask >> thread->number & 1) != 0;
}

static struct xp_thread *
random_of(uint32_t mask)
{
	uint32_t n = random_below((uint32_t)__builtin_popcount(mask));

	while (n-- > 0)
		mask &= mask - 1;
	return &xp_threads[__builtin_ctz(mask)];
}

/* ---- The ways ---- */

static struct xp_thread *
highest(uint32_t ready)
{
	struct xp_thread *best = &xp_threads[__builtin_ctz(ready)];

	for (unsigned i = best->number + 1u; i < xp_thread_count; i++)
		if ((ready >> i & 1) != 0 &&
		    xp_threads[i].priority > best->priority)
			best = &xp_threads[i];
	return best;
}

static void
fall(struct xp_thread *thread)
{
	thread->priority = --lowest;
}

static struct xp_thread *
pick_pct(uint32_t ready)
{
	struct xp_thread *best = highest(ready);

	for (unsigned i = 0; i + 1 < plan->depth; i++)
		if (change[i] == picks)
			fall(best);
	return highest(ready);
}

/* Stays; else the next one by number, round and round. */
static struct xp_thread *
pick_first(struct xp_thread *current, uint32_t ready)
{
	uint32_t above;

	if (in(ready, current) && current->op->kind != XP_YIELD &&
	    current->in_a_row < TOO_LONG)
		return current;
	above = current->number == XP_THREADS - 1 ? 0 :
		ready & (UINT32_MAX << (current->number + 1u));
	return &xp_threads[__builtin_ctz(above != 0 ? above : ready)];
}

static struct xp_thread *
pick_replay(struct xp_thread *current, uint32_t ready, uint32_t forced)
{
	while (position < plan->choice_count) {
		const struct xp_choice *choice = &plan->choices[position];
		struct xp_thread *thread = &xp_threads[choice->thread];

		if (!in(ready | forced, thread) && !plan->tolerant)
			break;
		position++;
		woke = choice->woke;
		if (in(ready | forced, thread))
			return thread;
	}
	if (position < plan->choice_count)
		xp_record->misfit = true;
	woke = 0;
	return pick_first(current, ready);
}

static struct xp_thread *
pick(struct xp_thread *current, uint32_t ready, uint32_t forced)
{
	switch (plan->strategy) {
	case XP_REPLAY:
		return pick_replay(current, ready, forced);
	case XP_FIRST:
		return pick_first(current, ready);
	default:
		break;
	}
	if (forced != 0 && random_below(RARELY) == 0)
		return random_of(forced);
	if (plan->strategy == XP_PCT)
		return pick_pct(ready);
	if (plan->strategy == XP_POS)
		return highest(ready);
	return random_of(ready);
}

/* ---- What schedule.c calls; see inner.h ---- */

void
xp_strategy_begin(const struct xp_plan *the_plan)
{
	plan = the_plan;
	state = plan->seed;
	lowest = (uint64_t)1 << 32;
	for (unsigned i = 0; i < XP_DEPTH_MAX; i++)
		change[i] = plan->length == 0 ? 0 :
			1 + random_below(plan->length);
}

void
xp_strategy_thread(struct xp_thread *thread)
{
	thread->priority = ((uint64_t)1 << 32) + (next_random() >> 16);
}

void
xp_strategy_announced(struct xp_thread *thread)
{
	if (plan->strategy == XP_POS)
		thread->priority = next_random();
	else if (plan->strategy == XP_PCT && thread->op->kind == XP_YIELD)
		fall(thread);
}

/* Do they concern the same thing, so that their order may matter? */
static bool
conflict(const struct xp_op *a, const struct xp_op *b)
{
	if (a->object != NULL)
		return a->object == b->object;
	return a->data != 0 && a->data == b->data && b->object == NULL &&
		(a->write || b->write);
}

void
xp_strategy_performed(struct xp_thread *thread, const struct xp_op *op)
{
	if (plan->strategy != XP_POS)
		return;
	for (unsigned i = 0; i < xp_thread_count; i++) {
		struct xp_thread *other = &xp_threads[i];

		if (other != thread && other->op != NULL &&
		    conflict(op, other->op))
			other->priority = next_random();
	}
}

struct xp_thread *
xp_strategy_pick(struct xp_thread *current, uint32_t ready, uint32_t forced)
{
	struct xp_thread *next;

	picks++;
	next = pick(current, ready, forced);
	if (next != current || (ready & (ready - 1)) == 0)
		next->in_a_row = 0;
	else if (++next->in_a_row > TOO_LONG)
		fall(next);
	return next;
}

struct xp_thread *
xp_strategy_waiter(uint32_t waiters)
{
	if (plan->strategy == XP_REPLAY || plan->strategy == XP_FIRST) {
		if (woke != 0 && (waiters >> (woke - 1) & 1) != 0)
			return &xp_threads[woke - 1];
		return &xp_threads[__builtin_ctz(waiters)];
	}
	return random_of(waiters);
}
