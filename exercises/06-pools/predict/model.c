/* model.c - all the logs that pools with certain rules can leave */
/* SPDX-License-Identifier: MIT */
/*
 * The program as a machine that takes one step at a time. An object goes
 * through five states: it is posted, the first before the second and the
 * third; the thread of its pool takes it, if it has nothing else to do and
 * nothing more urgent is queued; it begins, and it ends, with a line each.
 * explore tries every step that is possible, in every state, and so goes
 * through all orders.
 *
 * Interface: log_set_find (model.h).
 */
#include "model.h"

#include <string.h>

enum { A, B, C, OBJECTS };

enum life { FRESH, QUEUED, TAKEN, BEGUN, ENDED };

struct state {
	enum life objects[OBJECTS];
	char log[LOG_SIZE];
};

static void
write_line(struct state *state, char line)
{
	size_t length = strlen(state->log);

	if (length > 0)
		state->log[length++] = ' ';
	state->log[length] = line;
	state->log[length + 1] = '\0';
}

static int
pool_of(int object, const struct rules *rules)
{
	if (rules->thread_for_each)
		return object;
	return rules->follows_environment ? 1 : object == C;
}

/* Both are queued in one pool: is the first one taken before the second? */
static bool
comes_before(int first, int second, const struct rules *rules)
{
	if (rules->as_posted || rules->follows_environment)
		return first < second;
	return first == B && second == A;
}

static bool
runs(enum life life)
{
	return life == TAKEN || life == BEGUN;
}

/* Does the other object keep this one, which is queued, from being taken? */
static bool
is_in_the_way(const struct state *state, int other, int object,
	const struct rules *rules)
{
	enum life life = state->objects[other];

	if (rules->begins_as_posted && other < object && life < BEGUN)
		return true;
	if (rules->waits_for_high && object == A && other == B)
		return life != ENDED;
	if (pool_of(other, rules) != pool_of(object, rules))
		return false;
	if (rules->interrupts && object == B && life == BEGUN)
		return false;
	return runs(life) || (life == QUEUED &&
		comes_before(other, object, rules));
}

/* Can the object go on to its next state? */
static bool
can_step(const struct state *state, int object, const struct rules *rules)
{
	enum life life = state->objects[object];

	if (life == FRESH)
		return object == A || state->objects[object - 1] != FRESH;
	if (life == QUEUED)
		for (int other = A; other < OBJECTS; other++)
			if (other != object && is_in_the_way(state, other,
			    object, rules))
				return false;
	if (life == BEGUN && rules->interrupts && object == A)
		return !runs(state->objects[B]);
	return life != ENDED;
}

static void
step(struct state *state, int object)
{
	state->objects[object]++;
	if (state->objects[object] == BEGUN)
		write_line(state, "abc"[object]);
	if (state->objects[object] == ENDED)
		write_line(state, "ABC"[object]);
}

static void
explore(struct log_set *set, const struct rules *rules,
	const struct state *state)
{
	bool over = true;

	for (int object = A; object < OBJECTS; object++) {
		struct state next = *state;

		if (!can_step(state, object, rules))
			continue;
		step(&next, object);
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
