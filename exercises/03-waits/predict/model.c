/* model.c - all the logs that a wait object with certain rules can leave */
/* SPDX-License-Identifier: MIT */
/*
 * The situation as a machine that takes one step at a time: the main thread
 * writes a word or calls a function; the time-out comes; the worker takes a
 * post, writes its word, sets the wait again. explore tries every step that
 * is possible, in every state, and so goes through all orders.
 *
 * Interface: log_set_find (model.h).
 */
#include "model.h"

#include <string.h>

#define MOST_POSTS 3	/* of a wait that never ends */

enum stage { IDLE, TAKEN, WRITTEN };

struct state {
	unsigned done;		/* steps of the main thread */
	unsigned count;		/* of the semaphore; 1: the event is set */
	bool armed;		/* the wait waits */
	bool timed_out;
	unsigned again;
	unsigned signals, timeouts;	/* posts */
	unsigned posted;
	enum stage stage;	/* of the worker */
	bool result;		/* of its callback: a signal? */
	char log[LOG_SIZE];
};

struct model {
	const struct rules *rules;
	const struct situation *situation;
	struct log_set *set;
};

static void
write_word(struct state *state, const char *word)
{
	if (*state->log != '\0')
		strcat(state->log, " ");
	strcat(state->log, word);
}

/* A wait takes what it takes of the object. */
static void
take(const struct model *model, struct state *state)
{
	switch (model->situation->object) {
	case SEMAPHORE:
		state->count = model->rules->takes_all ? 0 :
			state->count - (state->count > 0);
		break;
	case AUTO_RESET:
		state->count = 0;
		break;
	case MANUAL_RESET:
		if (model->rules->resets)
			state->count = 0;
	}
}

/* While the wait waits and the object is signalled: a post. */
static void
deliver(const struct model *model, struct state *state)
{
	while (state->armed && state->count > 0 &&
	    state->posted < MOST_POSTS) {
		state->armed = model->rules->stays_set;
		if (!model->rules->takes_late)
			take(model, state);
		state->signals++;
		state->posted++;
	}
}

static void
set_wait(const struct model *model, struct state *state, bool again)
{
	const struct rules *rules = model->rules;
	bool at_once = model->situation->timeout == AT_ONCE;

	state->armed = true;
	if (!(at_once && rules->timeout_first) &&
	    !(again && rules->needs_edge))
		deliver(model, state);
	if (!state->armed || !at_once || rules->zero_is_never)
		return;
	state->armed = false;
	state->timeouts++;
}

/* The calls of main in their order; false if it must wait, or is done. */
static bool
step_main(const struct model *model, struct state *state)
{
	unsigned before = 2 * model->situation->sets_before;
	unsigned wait = before + 1 + 2 * model->situation->sets_after;
	unsigned step = state->done;

	if (step > wait || (step == wait && (state->stage != IDLE ||
	    state->signals + state->timeouts > 0)))
		return false;
	state->done++;
	if (step == wait) {
		write_word(state, state->count > 0 ? "left" : "taken");
	} else if (step == before) {
		set_wait(model, state, false);
	} else if ((step > before ? step - before - 1 : step) % 2 == 0) {
		write_word(state, "set");
	} else {
		state->count = model->situation->object == SEMAPHORE ?
			state->count + 2 : 1;
		deliver(model, state);
	}
	return true;
}

static bool
step_time(const struct model *model, struct state *state)
{
	if (!state->armed || state->timed_out ||
	    model->situation->timeout != IN_A_WHILE)
		return false;
	state->timed_out = true;
	state->armed = model->rules->goes_on;
	state->timeouts++;
	return true;
}

static bool
step_worker(const struct model *model, struct state *state)
{
	switch (state->stage) {
	case IDLE:
		state->result = state->signals > 0;
		if (state->signals + state->timeouts == 0)
			return false;
		if (state->result)
			state->signals--;
		else
			state->timeouts--;
		if (state->result && model->rules->takes_late)
			take(model, state);
		state->stage = TAKEN;
		return true;
	case TAKEN:
		write_word(state, state->result || model->rules->says_signal ?
			"signal" : "timeout");
		state->stage = WRITTEN;
		return true;
	default:
		if (state->again > 0) {
			state->again--;
			set_wait(model, state, true);
		}
		state->stage = IDLE;
		return true;
	}
}

static void
explore(const struct model *model, const struct state *state)
{
	static bool (*const step[])(const struct model *model,
		struct state *state) = { step_main, step_time, step_worker };
	bool over = true;

	for (unsigned i = 0; i < 3; i++) {
		struct state next = *state;

		if (step[i](model, &next)) {
			explore(model, &next);
			over = false;
		}
	}
	if (over)
		log_set_add(model->set, state->log);
}

void
log_set_find(struct log_set *set, const struct rules *rules,
	const struct situation *situation)
{
	struct model model = { rules, situation, set };
	struct state begin = { .again = situation->again };

	set->count = 0;
	explore(&model, &begin);
}
