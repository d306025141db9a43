/* model.c - all the logs that a pool with certain rules can leave */
/* SPDX-License-Identifier: MIT */
/*
 * The program as a machine that takes one step at a time: the main thread
 * submits, or returns from its wait; a worker takes a post, writes the line
 * of its start, writes that of its end, returns. explore tries every step
 * that is possible, in every state, and so goes through all orders. What a
 * program on real threads does is one of them, since whatever it logs is
 * written under a lock, and so is what the pool counts.
 *
 * Interface: log_set_find (model.h).
 */
#include "model.h"

#include <stdio.h>
#include <string.h>

#define SUBMITS 3
#define MOST_THREADS 3

enum stage { IDLE, TAKEN, STARTED, ENDED };

struct state {
	unsigned submitted, pending;	/* by the program; in the queue */
	unsigned started, ended;	/* callbacks that have logged it */
	bool done;			/* the wait has returned */
	enum stage stage[MOST_THREADS];
	unsigned number[MOST_THREADS];	/* of the callback, from STARTED */
	char log[LOG_SIZE];
};

static void
write_line(struct state *state, const char *kind, unsigned number)
{
	char *end = state->log + strlen(state->log);

	if (end > state->log)
		*end++ = ' ';
	if (number > 0)
		sprintf(end, "%s%u", kind, number);
	else
		strcpy(end, kind);
}

static unsigned
busy_threads(const struct state *state)
{
	unsigned busy = 0;

	for (unsigned i = 0; i < MOST_THREADS; i++)
		busy += state->stage[i] != IDLE;
	return busy;
}

/* Takes a step of the main thread, if it can. */
static bool
step_main(struct state *state, const struct rules *rules)
{
	if (state->submitted < SUBMITS) {
		state->submitted++;
		if (state->pending == 0 || !rules->submits_coalesce)
			state->pending++;
		return true;
	}
	if (state->done || state->pending > 0 ||
	    (busy_threads(state) > 0 && !rules->waits_for_queue))
		return false;
	state->done = true;
	write_line(state, "done", 0);
	return true;
}

static bool
step_worker(struct state *state, const struct rules *rules, unsigned i)
{
	switch (state->stage[i]) {
	case IDLE:
		if (state->pending == 0 ||
		    (rules->one_at_a_time && busy_threads(state) > 0))
			return false;
		state->pending--;
		state->stage[i] = TAKEN;
		return true;
	case TAKEN:
		state->number[i] = ++state->started;
		write_line(state, "s", state->number[i]);
		state->stage[i] = STARTED;
		return true;
	case STARTED:
		if (rules->ends_in_order &&
		    state->number[i] != state->ended + 1)
			return false;
		state->ended++;
		write_line(state, "e", state->number[i]);
		state->stage[i] = ENDED;
		return true;
	default:
		state->stage[i] = IDLE;
		return true;
	}
}

static void
explore(struct log_set *set, const struct rules *rules,
	const struct state *state)
{
	struct state next = *state;
	bool over = true;

	if (step_main(&next, rules)) {
		explore(set, rules, &next);
		over = false;
	}
	for (unsigned i = 0; i < rules->threads; i++) {
		next = *state;
		if (step_worker(&next, rules, i)) {
			explore(set, rules, &next);
			over = false;
		}
	}
	if (over)
		log_set_add(set, state->log);
}

void
log_set_find(struct log_set *set, const struct rules *rules)
{
	static const struct state begin;

	set->count = 0;
	explore(set, rules, &begin);
}
