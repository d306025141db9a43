/* model.c - all the logs that a group with certain rules can leave */
/* SPDX-License-Identifier: MIT */
/*
 * The program as a machine that takes one step at a time. The creator makes
 * a member, which is posted in the same step, and another. The pool's one
 * thread takes what is posted, the first before the second, and writes its
 * line. The closer takes the members that there are, shuts each, waits until
 * all are idle, tells of each that has not run, and writes its own line.
 * explore tries every step that is possible, in every state, and so goes
 * through all orders.
 *
 * Interface: log_set_find (model.h).
 */
#include "model.h"

#include <stdio.h>
#include <string.h>

#define MEMBERS 2

/* What the closer does next. SHUT and TELL are for each member. */
enum closing { TAKE, SHUT, TELL_FIRST = SHUT + MEMBERS,
	WAIT = TELL_FIRST + MEMBERS, TELL, RETURN = TELL + MEMBERS, OVER };

struct member {
	bool created, held, pending, running, ran;
};

struct state {
	unsigned made;			/* members */
	unsigned closing;		/* an enum closing */
	struct member members[MEMBERS];
	char log[LOG_SIZE];
};

/* Number 0: none. */
static void
write_line(struct state *state, const char *kind, size_t number)
{
	char *end = state->log + strlen(state->log);

	if (end > state->log)
		*end++ = ' ';
	strcpy(end, kind);
	if (number > 0)
		sprintf(end + strlen(end), "%c", (char)('0' + number));
}

static bool
step_creator(struct state *state, const struct rules *rules)
{
	if (state->made == MEMBERS || (rules->lets_none_in &&
	    state->closing > TAKE && state->closing < OVER))
		return false;
	state->members[state->made].created = true;
	state->members[state->made++].pending = true;
	return true;
}

static bool
step_worker(struct state *state)
{
	for (unsigned i = 0; i < MEMBERS; i++) {
		struct member *member = &state->members[i];

		if (!member->running)
			continue;
		if (member->ran)
			member->running = false;
		else
			write_line(state, "r", i + 1);
		member->ran = true;
		return true;
	}
	for (unsigned i = 0; i < MEMBERS; i++)
		if (state->members[i].pending) {
			state->members[i].pending = false;
			state->members[i].running = true;
			return true;
		}
	return false;
}

/* The closer takes the members that there are now. */
static bool
take(struct state *state, const struct rules *rules)
{
	if (rules->all_or_none && state->made == 1)
		return false;
	if (rules->awaits_creator && state->made < MEMBERS)
		return false;
	for (unsigned i = 0; i < MEMBERS; i++)
		state->members[i].held = state->members[i].created;
	return true;
}

static bool
are_idle(const struct state *state)
{
	for (unsigned i = 0; i < MEMBERS; i++)
		if (state->members[i].held && (state->members[i].pending ||
		    state->members[i].running))
			return false;
	return true;
}

static void
tell(struct state *state, const struct rules *rules, unsigned i)
{
	if (state->members[i].held && !rules->tells_nobody &&
	    (rules->tells_of_all || !(state->members[i].running ||
	    state->members[i].ran)))
		write_line(state, "c", i + 1);
}

static bool
step_closer(struct state *state, const struct rules *rules)
{
	unsigned step = state->closing;

	if (step == OVER || (step == TAKE && !take(state, rules)) ||
	    (step == WAIT && !are_idle(state)))
		return false;
	if (step >= SHUT && step < SHUT + MEMBERS &&
	    state->members[step - SHUT].held)
		state->members[step - SHUT].pending = false;
	if (step >= TELL_FIRST && step < WAIT && rules->tells_first)
		tell(state, rules, step - TELL_FIRST);
	if (step >= TELL && step < RETURN && !rules->tells_first)
		tell(state, rules, step - TELL);
	if (step == RETURN)
		write_line(state, "closed", 0);
	state->closing++;
	return true;
}

static void
explore(struct log_set *set, const struct rules *rules,
	const struct state *state)
{
	struct state next = *state;
	bool over = true;

	if (step_creator(&next, rules)) {
		explore(set, rules, &next);
		over = false;
	}
	next = *state;
	if (step_closer(&next, rules)) {
		explore(set, rules, &next);
		over = false;
	}
	next = *state;
	if (step_worker(&next)) {
		explore(set, rules, &next);
		over = false;
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
