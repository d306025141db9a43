/* minimise.c - the same failure with fewer switches between threads */
/* SPDX-License-Identifier: MIT */
/*
 * A failing schedule that was found by chance switches between threads
 * far more often than it must. It is made simpler by trying: how much of its
 * beginning is needed, if after that each thread runs as long as it can; and
 * then, for each run of steps of one thread, whether the failure stays when
 * that run is left out, so that its steps come later by themselves. What
 * fails in the same way with no more switches is kept.
 */
#include <stdlib.h>
#include <string.h>

#include "driver.h"

#define TRIES 400	/* executions, at most */

static struct xp_slot *slot;
static struct xp_plan plan;
static enum xp_verdict verdict;
static char text[XP_TEXT];
static unsigned tries;

/* The best schedule so far. */
static struct xp_choice *best;
static uint32_t best_count;
static unsigned best_preemptions;

/* The sentence of a deadlock is the same for all; others must agree. */
static bool
same(const struct xp_record *record)
{
	return record->verdict == verdict &&
		(verdict == XP_RACE || strcmp(record->text, text) == 0);
}

static void
replay(const struct xp_choice *choices, uint32_t count)
{
	plan.choices = choices;
	plan.choice_count = count;
	xp_slot_run(slot, &plan);
	tries++;
}

/* Does this fail likewise, no worse? Then it is the best. */
static bool
better(const struct xp_choice *choices, uint32_t count)
{
	struct xp_choice *copy;

	replay(choices, count);
	if (!same(slot->record) ||
	    xp_preemptions(slot->record) > best_preemptions)
		return false;
	best_preemptions = xp_preemptions(slot->record);
	copy = malloc((count + 1u) * sizeof(*copy));
	if (copy == NULL)
		exit(3);
	memcpy(copy, choices, count * sizeof(*copy));
	free(best);
	best = copy;
	best_count = count;
	return true;
}

/* The shortest beginning that is enough, by halving. */
static void
cut_end(void)
{
	uint32_t low = 0, high = best_count;

	while (low < high && tries < TRIES) {
		uint32_t middle = low + (high - low) / 2;

		if (better(best, middle))
			high = middle;
		else
			low = middle + 1;
	}
}

/* The end of the run of one thread that begins at i. */
static uint32_t
run_end(uint32_t i)
{
	uint8_t thread = best[i].thread;

	while (i < best_count && best[i].thread == thread)
		i++;
	return i;
}

/* Tries to leave out each run of steps; true: one was. */
static bool
drop_runs(void)
{
	bool dropped = false;

	for (uint32_t i = 0; i < best_count && tries < TRIES; ) {
		uint32_t end = run_end(i);
		uint32_t count = best_count - (end - i);
		struct xp_choice *without = malloc((count + 1u) *
			sizeof(*without));

		if (without == NULL)
			exit(3);
		memcpy(without, best, i * sizeof(*best));
		memcpy(without + i, best + end,
			(best_count - end) * sizeof(*best));
		if (better(without, count))
			dropped = true;
		else
			i = end;
		free(without);
	}
	return dropped;
}

/*
 * The steps that were really made, up to the last switch that would not
 * have been made anyway; exactly that is what the reader replays.
 */
static struct xp_choice *
settle(uint32_t *count)
{
	struct xp_choice *all;
	uint32_t full, last = 0;

	replay(best, best_count);
	all = xp_choices_of(slot->record, &full);
	for (uint32_t i = 0; i < full; i++)
		if (slot->record->events[i].thread !=
		    slot->record->events[i].before ||
		    slot->record->events[i].outcome == XP_SPURIOUS ||
		    all[i].woke != 0)
			last = i + 1;
	plan.tolerant = false;
	replay(all, last);
	*count = last;
	if (!same(slot->record)) {
		replay(all, full);
		*count = full;
	}
	return all;
}

/* See driver.h. The slot holds the failed execution, and its plan. */
struct xp_choice *
xp_minimise(struct xp_slot *the_slot, uint32_t *count)
{
	struct xp_choice *result;

	slot = the_slot;
	plan = slot->plan;
	plan.strategy = XP_REPLAY;
	plan.tolerant = true;
	verdict = slot->record->verdict;
	memcpy(text, slot->record->text, sizeof(text));
	tries = 0;
	best = xp_choices_of(slot->record, &best_count);
	best_preemptions = xp_preemptions(slot->record);
	if (verdict == XP_HANG) {	/* each try would take as long */
		*count = best_count;
		return best;
	}
	if (xp_options.minimise && slot->record->steps < XP_STEPS) {
		cut_end();
		while (tries < TRIES && drop_runs())
			cut_end();
	}
	result = settle(count);
	free(best);
	return result;
}
