/* suite.c - the checks of "What the flags say" */
/* SPDX-License-Identifier: MIT */
/*
 * The key is what model.c finds, and the same that the explorer sees the
 * program count (key.sh). Before it is used, the real pool has to agree: the
 * items of each row stand at a gate, everything comes to rest, and they are
 * counted.
 *
 * An answer is compared with the key, and then with what the model finds
 * under wrong rules, so that the report can say what the answer believes.
 * In the stages schedules and race it is compared with what the program
 * counts in each schedule.
 */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "explore.h"
#include "suite.h"

#include "model.h"
#include "program.h"

#define ALL_LETTERS "ABCDEFGHIJKL"
#define SECOND 1000000LL		/* in microseconds */

static const struct rules true_rules;

static const struct belief {
	struct rules rules;
	const char *text;
} beliefs[] = {
	{ { .long_is_nothing = true },
		"WT_EXECUTELONGFUNCTION changed nothing" },
	{ { .long_is_at_once = true },
		"a long function ran at once, whatever else computes" },
	{ { .long_is_the_pools = true },
		"after one long function all were taken for long ones" },
	{ { .limit_is_the_items = true },
		"a limit were for the item that brings it" },
	{ { .limit_is_a_number = true },
		"a limit were the number of threads to be made" },
	{ { .limit_spares_long = true },
		"a limit did not hold for long functions" },
	{ { .limit_is_lower = true },
		"the limit were in the lower half" },
	{ { .io_thread = true },
		"there were a thread for I/O" },
	{ { .persistent_is_nothing = true },
		"WT_EXECUTEINPERSISTENTTHREAD changed nothing" },
	{ { .persistent_is_long = true },
		"each persistent item had a thread of its own" },
	{ { .once_is_one = true },
		"WT_EXECUTEONLYONCE were about work items" },
	{ { .unknown_is_nothing = true },
		"flags that mean nothing were not looked at" },
};

/* ---- What the real pool comes to ---- */

static struct gate gate = GATE_SHUT;

void
one_processor(void)
{
	setenv("TP_PROCESSORS", "1", 1);
}

/* Idle threads leave after a second, and no queue stands still too long. */
void
suite_prepare(void)
{
	one_processor();
	setenv("TP_IDLE_MS", "1000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
}

void
rest(void)
{
	await_still();
}

void
work(void)
{
	gate_wait(&gate);
}

void
let_go(void)
{
	gate_open(&gate);
}

/* A row finds no idle thread of the one before. */
static unsigned
count(enum letter letter)
{
	static const struct gate shut = GATE_SHUT;

	clock_to(clock_us() + 10 * SECOND);
	gate = shut;
	return program(letter);
}

static enum answer
key_of(enum letter letter)
{
	return answer_by(&true_rules, letter);
}

static void
require_that_the_pool_agrees(enum letter letter)
{
	unsigned real;

	awaiting("the real pool, in order to confirm the key");
	real = count(letter);
	require(NONE + real == (unsigned)key_of(letter), "the key is wrong: "
		"in %c the real pool has %u items run", ALL_LETTERS[letter],
		real);
	awaiting(NULL);
}

/* ---- The answers ---- */

static unsigned
wrong_answers(const struct rules *rules, const char *letters)
{
	unsigned wrong = 0;

	for (; *letters != '\0'; letters++) {
		enum letter letter = (enum letter)(*letters - 'A');

		wrong += answers[letter] != answer_by(rules, letter);
	}
	return wrong;
}

static unsigned
missing_answers(const char *letters)
{
	unsigned missing = 0;

	for (; *letters != '\0'; letters++)
		missing += answers[*letters - 'A'] == UNDECIDED;
	return missing;
}

/*
 * The belief by which all answers to these rows would be right: the one that
 * also explains most of the other answers; NULL if there is none.
 */
static const struct belief *
belief_behind(const char *letters)
{
	const struct belief *likely = NULL;
	unsigned wrong, fewest = ROW_COUNT + 1;

	for (size_t i = 0; i < sizeof(beliefs) / sizeof(*beliefs); i++) {
		if (wrong_answers(&beliefs[i].rules, letters) > 0)
			continue;
		wrong = wrong_answers(&beliefs[i].rules, ALL_LETTERS);
		if (wrong < fewest) {
			likely = &beliefs[i];
			fewest = wrong;
		}
	}
	return likely;
}

/* In this schedule, too, as many run as the answer says. */
static void
require_in_this_schedule(enum letter letter)
{
	unsigned real = count(letter);

	require(NONE + real == (unsigned)answers[letter], "in row %c %u of "
		"three items run in this schedule, and the answer says %u",
		ALL_LETTERS[letter], real,
		(unsigned)answers[letter] - NONE);
}

static void
require_right(const char *letters)
{
	const struct belief *belief;
	unsigned wrong, missing = missing_answers(letters);

	require(missing == 0, "no answer yet to %u of the %zu rows %s",
		missing, strlen(letters), letters);
	clock_begin();
	for (const char *c = letters; *c != '\0'; c++)
		if (explore_active())
			require_in_this_schedule((enum letter)(*c - 'A'));
		else
			require_that_the_pool_agrees((enum letter)(*c - 'A'));
	wrong = explore_active() ? 0 : wrong_answers(&true_rules, letters);
	if (wrong == 0)
		return;
	belief = belief_behind(letters);
	suite_fail("wrong answers to %u of the %zu rows %s%s%s", wrong,
		strlen(letters), letters, belief == NULL ? "" :
		"; all would be right if ", belief == NULL ? "" :
		belief->text);
}

CHECK(a_long_function_makes_room)
{
	require_right("ABC");
}

CHECK(a_limit_is_the_maximum_of_the_pool)
{
	require_right("DEF");
}

CHECK(some_threads_are_gone_and_some_are_one)
{
	require_right("GHI");
}

CHECK(other_bits_are_not_for_work_items)
{
	require_right("JKL");
}
