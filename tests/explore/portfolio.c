/* portfolio.c - which schedules are tried, and in which order */
/* SPDX-License-Identifier: MIT */
/*
 * Execution 0 is the schedule that a reader has in mind; it also tells how
 * long an execution is, which PCT needs to know. From 1 on the strategies
 * take turns: POS, PCT with d = 3, random, PCT with d = 5. In every second
 * round of the four, condition waits may return for no reason; and in two of
 * four rounds there are more steps than elsewhere (xp_pause). Nothing is on
 * all the time, since each of these hides a class of bugs that the others
 * find.
 *
 * What execution i does depends on the seed and on i alone. So several may
 * run at once and the answer, the first that fails, is the same on every
 * machine. For that, the places in the code that are suspected of a data
 * race, and become steps, are gathered in the first few executions only, one
 * after the other, and do not change after that.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

#define CALM 400	/* executions among which a calm one is looked for */

static uint32_t length;		/* of execution 0 */

static uint64_t
seed_of(unsigned long index)
{
	return xp_options.seed * 0xD1342543DE82EF95u +
		index * 0x9E3779B97F4A7C15u + 1;
}

void
xp_plan_default(struct xp_plan *plan)
{
	*plan = (struct xp_plan){
		.strategy = XP_FIRST, .depth = xp_options.depth,
		.slow = xp_options.slow,
		.step_limit = xp_options.step_limit,
		.time_limit = xp_options.time_limit,
		.leftovers = xp_options.leftovers,
		.allow = xp_options.allow[0] != '\0' ? xp_options.allow :
			NULL,
		.races = xp_options.races, .finish = xp_options.finish
	};
	memcpy(plan->fail, xp_options.fail, sizeof(plan->fail));
}

void
xp_plan_of(unsigned long index, struct xp_plan *plan)
{
	static const struct {
		enum xp_strategy strategy;
		unsigned depth;
	} mix[] = { { XP_POS, 0 }, { XP_PCT, 3 }, { XP_RANDOM, 0 },
		{ XP_PCT, 5 } };
	unsigned long round = (index - 1) / 4;

	xp_plan_default(plan);
	plan->seed = seed_of(index);
	plan->length = length;
	if (index == 0) {
		plan->length = 0;
		return;
	}
	plan->spurious = xp_options.spurious == XP_ALWAYS ||
		(xp_options.spurious == XP_SOMETIMES && round % 2 == 1);
	plan->fine = round % 4 >= 2;
	if (xp_options.mix == XP_ONLY) {
		plan->strategy = xp_options.only;
		return;
	}
	plan->strategy = mix[(index - 1) % 4].strategy;
	plan->depth = mix[(index - 1) % 4].depth;
}

/* True: the search may stop here. */
static bool
see(const struct xp_slot *slot, struct xp_found *found)
{
	if (!found->found)
		found->executions++;
	for (int what = 0; what < EXPLORE_FAULTS; what++)
		if (slot->record->asked[what] > found->asked[what])
			found->asked[what] = slot->record->asked[what];
	if (xp_options.outcomes)
		xp_outcome_add(slot);
	if (slot->index == 0)
		length = slot->record->steps;
	if (!xp_failed(slot->record) ||
	    (found->found && found->index < slot->index))
		return found->found;
	found->found = true;
	found->index = slot->index;
	found->executions = slot->index + 1;	/* and not those after it */
	found->plan = slot->plan;
	return true;
}

/* The first few executions; a failure among them is one without places. */
static unsigned long
warm_up(struct xp_slot *slot, struct xp_found *found, unsigned long runs)
{
	unsigned long index = 0;

	xp_places->count = 0;
	memset(xp_places_found, 0, sizeof(*xp_places_found));
	for (; index < XP_WARM_UP && index < runs; index++) {
		struct xp_plan plan;

		xp_plan_of(index, &plan);
		slot->index = index;
		xp_slot_run(slot, &plan);
		if (see(slot, found))
			return index;
	}
	*xp_places = *xp_places_found;
	return index;
}

/* What comes after the first failure is of no interest any more. */
static void
end_later(const struct xp_slot *slots, const struct xp_found *found)
{
	for (unsigned i = 0; found->found && i < xp_options.jobs; i++)
		if (slots[i].pid != 0 && slots[i].index > found->index)
			kill(slots[i].pid, SIGKILL);
}

/*
 * Runs the executions in order, several at once, until one fails or all
 * have run. slots: xp_options.jobs of them.
 */
void
xp_portfolio(struct xp_slot *slots, struct xp_found *found)
{
	unsigned long next, runs = xp_options.runs;
	unsigned busy = 0;

	*found = (struct xp_found){ .found = false };
	next = warm_up(slots, found, runs);
	if (found->found)
		return;
	for (;;) {
		struct xp_slot *slot = slots;

		if (next < runs && busy < xp_options.jobs &&
		    !found->found) {
			while (slot->pid != 0)
				slot++;
			slot->index = next++;
			xp_plan_of(slot->index, &slot->plan);
			xp_slot_start(slot);
			busy++;
			continue;
		}
		if (busy == 0)
			return;
		slot = xp_slot_await(slots, xp_options.jobs);
		busy--;
		(void)see(slot, found);
		end_later(slots, found);
	}
}

/*
 * A failure in which condition waits returned for no reason is hard to
 * read if that plays no part in it. Another execution that fails likewise,
 * and has none of that, takes its place, if there is one among the first.
 */
void
xp_prefer_calm(struct xp_slot *slot, struct xp_found *found)
{
	enum xp_verdict verdict = slot->record->verdict;
	struct xp_plan plan;
	char text[XP_TEXT];

	if (!found->plan.spurious)
		return;
	memcpy(text, slot->record->text, sizeof(text));
	for (unsigned long i = 1; found->plan.spurious && i < CALM; i++) {
		xp_plan_of(i, &plan);
		if (plan.spurious || plan.fine)
			continue;
		xp_slot_run(slot, &plan);
		if (slot->record->verdict == verdict &&
		    strcmp(slot->record->text, text) == 0)
			found->plan = plan;
	}
	xp_slot_run(slot, &found->plan);
}
