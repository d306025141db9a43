/* model.c - how many items run, by certain rules */
/* SPDX-License-Identifier: MIT */
/*
 * The items come in their order, to the pool or to one of the threads of
 * old. In the pool one runs if all before it do, if the limit allows it, and
 * if the one processor has nothing to do; where a long function runs, it has
 * not.
 *
 * Interface: answer_by (model.h).
 */
#include "model.h"

#define UNKNOWN 0xfe00
#define UNLIMITED 500

#define ROW_FLAGS(letter, first, second, third) { first, second, third },
static const ULONG flags_of[ROW_COUNT][ITEMS] = { ROWS(ROW_FLAGS) };

struct machine {
	unsigned running;		/* items, wherever */
	unsigned in_pool;		/* of these */
	unsigned computing;		/* of these: not long */
	unsigned limit, processors;
	bool waiting;			/* somebody is in the queue */
	bool io_busy, persistent_busy;	/* the threads of old */
	bool any_long, any_once;
};

static bool
is_long(const struct rules *rules, const struct machine *machine, ULONG flags)
{
	if (rules->long_is_nothing)
		return false;
	return (flags & WT_EXECUTELONGFUNCTION) != 0 ||
		(rules->long_is_the_pools && machine->any_long);
}

/* It comes to the one thread of its kind. */
static void
to_thread(struct machine *machine, bool *busy)
{
	machine->running += !*busy;
	*busy = true;
}

static void
to_pool(const struct rules *rules, struct machine *machine, ULONG flags)
{
	bool takes_long = is_long(rules, machine, flags);
	bool room = machine->in_pool < machine->limit ||
		(takes_long && rules->limit_spares_long);
	bool turn = machine->computing < machine->processors ||
		(takes_long && rules->long_is_at_once);

	if (machine->waiting || !room || !turn) {
		machine->waiting = true;
		return;
	}
	machine->running++;
	machine->in_pool++;
	machine->computing += !takes_long;
	machine->any_long |= takes_long;
}

static void
set_limit(const struct rules *rules, struct machine *machine, ULONG flags)
{
	ULONG limit = rules->limit_is_lower ? flags & 0xf : flags >> 16;

	if (limit > 0)
		machine->limit = (unsigned)limit;
	else if (rules->limit_is_the_items)
		machine->limit = UNLIMITED;
	if (limit > 0 && rules->limit_is_a_number)
		machine->processors = (unsigned)limit;
}

static void
come(const struct rules *rules, struct machine *machine, ULONG flags)
{
	bool persistent = (flags & PERSISTENT) != 0;

	if ((flags & UNKNOWN) != 0 && !rules->unknown_is_nothing)
		return;
	if ((flags & WT_EXECUTEONLYONCE) != 0 && rules->once_is_one) {
		if (machine->any_once)
			return;
		machine->any_once = true;
	}
	set_limit(rules, machine, flags);
	if (persistent && rules->persistent_is_long)
		machine->running++;
	else if (persistent && !rules->persistent_is_nothing)
		to_thread(machine, &machine->persistent_busy);
	else if ((flags & WT_EXECUTEINIOTHREAD) != 0 && rules->io_thread)
		to_thread(machine, &machine->io_busy);
	else
		to_pool(rules, machine, flags);
}

enum answer
answer_by(const struct rules *rules, enum letter letter)
{
	struct machine machine = { .limit = UNLIMITED, .processors = 1 };

	for (int i = 0; i < ITEMS; i++)
		come(rules, &machine, flags_of[letter][i]);
	return (enum answer)(NONE + (int)machine.running);
}
