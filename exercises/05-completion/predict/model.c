/* model.c - what can be found, with a pool that keeps certain rules */
/* SPDX-License-Identifier: MIT */
/*
 * The program as a machine that takes one step at a time. The pool does a
 * deed whose turn it is by the rules; the callback and the finalization
 * callback look around just before theirs. The main thread goes on when its
 * sign has come, and looks at one thing after the other. The other thread
 * notes that its wait is over. explore tries every step that is possible, in
 * every state, and so goes through all orders.
 *
 * A pool's rules are a partial order. That is the whole difference between
 * what Microsoft promises and what the pool of this book does.
 *
 * Interface: log_set_find, log_set_ever, log_write (model.h).
 */
#include "model.h"

#include <string.h>

#define LOOKS 3		/* of the main thread, at most */

struct state {
	unsigned done;			/* set of deeds */
	bool other_over;		/* noted by the other thread */
	unsigned looks;			/* that the main thread has taken */
	char found[STATEMENT_COUNT];	/* '+', '-'; 0: not met */
};

void
log_write(char *log, const char *found)
{
	for (unsigned i = 0; i < STATEMENT_COUNT; i++)
		if (found[i] != 0) {
			*log++ = "ABCDEFGHIJKL"[i];
			*log++ = found[i];
			*log++ = ' ';
		}
	*log = '\0';
}

bool
log_set_ever(const struct log_set *set, enum letter statement, bool so)
{
	const char piece[] = { "ABCDEFGHIJKL"[statement], so ? '+' : '-', 0 };

	for (unsigned i = 0; i < set->count; i++)
		if (strstr(set->text[i], piece) != NULL)
			return true;
	return false;
}

static bool
is_done(const struct state *state, enum deed deed)
{
	return (state->done & DEED(deed)) != 0;
}

static void
find(struct state *state, enum letter statement, bool so)
{
	state->found[statement] = so ? '+' : '-';
}

static bool
step_pool(struct state *state, const struct rules *rules, enum deed deed)
{
	if (is_done(state, deed) ||
	    (rules->before[deed] & ~state->done) != 0)
		return false;
	if (deed == LAST_LINE)
		find(state, L, !state->other_over);
	if (deed == FINALIZE)
		find(state, B, !is_done(state, SET_EVENT));
	state->done |= DEED(deed);
	return true;
}

static bool
step_other(struct state *state)
{
	if (state->other_over || !is_done(state, END_WAITS))
		return false;
	return state->other_over = true;
}

/* One look of the main thread, by the event. */
static void
look_by_event(struct state *state, unsigned look)
{
	if (look == 0)
		find(state, A, is_done(state, LAST_LINE));
	if (look == 1)
		find(state, D, is_done(state, LEAVE_SECTION));
	if (look == 2) {
		find(state, J, state->other_over);
		find(state, K, !state->other_over);
	}
}

static void
look_by_section(struct state *state, unsigned look)
{
	if (look == 0)
		find(state, C, is_done(state, LAST_LINE));
	if (look == 1) {
		find(state, E, is_done(state, SET_EVENT));
		find(state, F, !is_done(state, SET_EVENT));
	}
}

static void
look_by_wait(struct state *state, unsigned look)
{
	if (look == 0)
		find(state, G, is_done(state, LAST_LINE));
	if (look == 1)
		find(state, H, is_done(state, SET_EVENT));
	if (look == 2)
		find(state, I, is_done(state, LEAVE_SECTION));
}

static bool
step_main(struct state *state, enum sign sign)
{
	static const enum deed signs[SIGNS] = {
		[EVENT] = SET_EVENT, [SECTION] = LEAVE_SECTION,
		[WAIT] = END_WAITS
	};

	if (state->looks == LOOKS || !is_done(state, signs[sign]))
		return false;
	if (sign == EVENT)
		look_by_event(state, state->looks);
	if (sign == SECTION)
		look_by_section(state, state->looks);
	if (sign == WAIT)
		look_by_wait(state, state->looks);
	state->looks++;
	return true;
}

static void
explore(struct log_set *set, const struct rules *rules, enum sign sign,
	const struct state *state)
{
	struct state next = *state;
	bool over = true, waits;
	char text[LOG_SIZE];

	if (step_main(&next, sign)) {
		explore(set, rules, sign, &next);
		over = false;
	}
	next = *state;
	if (step_other(&next)) {
		explore(set, rules, sign, &next);
		over = false;
	}
	waits = !over && rules->prompt;
	for (enum deed deed = LAST_LINE; deed < DEEDS; deed++) {
		next = *state;
		if (!waits && step_pool(&next, rules, deed)) {
			explore(set, rules, sign, &next);
			over = false;
		}
	}
	if (over) {
		log_write(text, state->found);
		log_set_add(set, text);
	}
}

void
log_set_find(struct log_set *set, const struct rules *rules, enum sign sign)
{
	static const struct state begin;

	set->count = 0;
	explore(set, rules, sign, &begin);
}
