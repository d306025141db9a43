/* search.c - every schedule, up to a number of preemptions */
/* SPDX-License-Identifier: MIT */
/*
 * A portfolio finds bugs; it cannot say that there are none. For small
 * programs every schedule can be tried that has no more than a few
 * preemptions: switches away from a thread that could have gone on. Most
 * bugs need two or fewer.
 *
 * The search is depth-first. An execution follows a list of choices, and
 * then stays with each thread as long as it can run. Its record says which
 * threads could have run at each step; the deepest step where another one
 * has not been tried yet, within the bound, is where the next list differs.
 * A signal's choice among several waiters is searched likewise.
 *
 * What is searched: the order of steps, in strict virtual time, without
 * spurious wake-ups. What is not: accesses that are no steps.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

/* One step of the current path. */
struct point {
	uint32_t ready;			/* who could have run */
	uint32_t tried;			/* of these, who has been */
	uint32_t waiters, tried_waiters;	/* of a signal */
	uint8_t before;			/* who ran just before */
	unsigned preemptions;		/* made before this step */
};

static struct point *path;
static struct xp_choice *choices;
static uint32_t length, followed;	/* of the path; of the list */

/* Takes over the steps that this execution made beyond the list. */
static void
extend(const struct xp_record *record)
{
	length = record->steps < XP_STEPS ? record->steps : XP_STEPS;
	for (uint32_t i = 0; i < length; i++) {
		const struct xp_event *event = &record->events[i];
		struct point *point = &path[i];

		if (i >= followed) {
			*point = (struct point){ .ready = event->ready,
				.before = event->before,
				.tried = xp_bit(event->thread) };
			choices[i].thread = event->thread;
			choices[i].woke = 0;
		}
		if (point->tried_waiters == 0 && event->woke != 0) {
			point->waiters = event->waiters;
			point->tried_waiters = xp_bit(event->woke - 1u);
			choices[i].woke = event->woke;
		}
		point->preemptions = i == 0 ? 0 : path[i - 1].preemptions +
			xp_is_preemption(&record->events[i - 1]);
	}
}

/* Another waiter for the signal at this step? */
static bool
next_waiter(uint32_t i)
{
	uint32_t rest = path[i].waiters & ~path[i].tried_waiters;

	if (rest == 0)
		return false;
	choices[i].woke = (uint8_t)(__builtin_ctz(rest) + 1);
	path[i].tried_waiters |= xp_bit(choices[i].woke - 1u);
	return true;
}

/* Another thread for this step, if the bound allows it? */
static bool
next_thread(uint32_t i, unsigned bound)
{
	struct point *point = &path[i];
	uint32_t rest = point->ready & ~point->tried;
	bool could_stay = (point->ready & xp_bit(point->before)) != 0;

	if (could_stay && point->preemptions >= bound)
		rest &= xp_bit(point->before);
	if (rest == 0)
		return false;
	choices[i].thread = (uint8_t)__builtin_ctz(rest);
	choices[i].woke = 0;
	point->tried |= xp_bit(choices[i].thread);
	point->waiters = point->tried_waiters = 0;
	return true;
}

/* The next list of choices; false: all have been followed. */
static bool
backtrack(unsigned bound, uint32_t from)
{
	for (uint32_t i = length; i-- > from; )
		if (next_waiter(i) || next_thread(i, bound)) {
			followed = i + 1;
			return true;
		}
	return false;
}

/*
 * Searches, and says whether it came to the end. The slot holds the first
 * execution that failed, if one did.
 */
int
xp_search(struct xp_slot *slot)
{
	unsigned bound = (unsigned)xp_options.preemptions;
	unsigned long executions = 0;
	struct xp_plan plan;
	bool more = true;

	path = calloc(XP_STEPS, sizeof(*path));
	choices = calloc(XP_STEPS, sizeof(*choices));
	if (path == NULL || choices == NULL)
		return 3;
	xp_plan_default(&plan);
	plan.strategy = XP_REPLAY;
	plan.choices = choices;
	for (; more && executions < xp_options.runs; executions++) {
		plan.choice_count = followed;
		xp_slot_run(slot, &plan);
		if (slot->record->misfit) {
			fprintf(stderr, "explore: the program does not do "
				"the same under the same schedule\n");
			return 3;
		}
		if (xp_options.outcomes)
			xp_outcome_add(slot);
		else if (xp_failed(slot->record))
			return xp_conclude_found(slot, executions + 1);
		extend(slot->record);
		more = backtrack(bound, slot->record->searched_from);
	}
	if (xp_options.outcomes)
		xp_outcomes_print();
	printf("explore: %s with up to %u preemption%s\n", more ?
		"some of the schedules" : "all schedules", bound,
		bound == 1 ? "" : "s");
	return xp_conclude(executions, NULL);
}
