/* suite.c - the checks of "What can you rely on?" */
/* SPDX-License-Identifier: MIT */
/*
 * The key is what model.c finds, once with the rules of this pool and once
 * with those that Microsoft has published; and the same that the explorer
 * sees the program find, with this pool and with one that keeps the
 * promises alone (key.sh). Before it is used, what the program finds with
 * the real pool when nobody holds it back must be in the key.
 *
 * An answer is compared with the key, and then with what the model finds
 * under wrong rules, so that the report can say what the answer believes.
 *
 * In the stages schedules and race the program itself answers: what does not
 * hold in one schedule is not always so, and the schedule shows how.
 */
#include <string.h>

#include "explore.h"
#include "suite.h"

#include "model.h"
#include "program.h"

#define FREE_RUNS 20
#define ALL_LETTERS "ABCDEFGHIJKL"

#define STATEMENT_TEXT(letter, text) text,
static const char *const texts[STATEMENT_COUNT] = {
	STATEMENTS(STATEMENT_TEXT)
};

static const char *const answer_names[] = {
	"UNDECIDED", "PROMISED", "ONLY_HERE", "NOT_EVEN_HERE"
};

/* What somebody may think that this pool does, and that is promised. */
struct belief {
	struct rules here, promised;
	const char *text;
};

static const struct belief truth = { THIS_POOL, DOCUMENTED, "" };

/* ---- What an answer may believe ---- */

/* One after the other, each after the one before it. */
#define IN_ORDER(first, second, third, fourth, fifth)			\
	{ { [second] = DEED(first), [third] = DEED(second),		\
	    [fourth] = DEED(third), [fifth] = DEED(fourth) }, false }

static const struct belief beliefs[] = {
	{ IN_ORDER(SET_EVENT, LEAVE_SECTION, LAST_LINE, FINALIZE, END_WAITS),
	  { { [LAST_LINE] = ACTIONS, [FINALIZE] = RETURNED,
	      [END_WAITS] = RETURNED }, false },
		"an action were done when it is asked for" },
	{ IN_ORDER(SET_EVENT, LAST_LINE, FINALIZE, LEAVE_SECTION, END_WAITS),
	  { { [LAST_LINE] = DEED(SET_EVENT), [FINALIZE] = RETURNED,
	      [LEAVE_SECTION] = RETURNED, [END_WAITS] = RETURNED }, false },
		"the event were set before the callback has returned" },
	{ IN_ORDER(LAST_LINE, LEAVE_SECTION, SET_EVENT, FINALIZE, END_WAITS),
	  DOCUMENTED,
		"the finalization callback came after the actions" },
	{ IN_ORDER(LAST_LINE, FINALIZE, SET_EVENT, LEAVE_SECTION, END_WAITS),
	  DOCUMENTED,
		"actions were done in the order in which they are asked for" },
	{ IN_ORDER(LAST_LINE, FINALIZE, END_WAITS, LEAVE_SECTION, SET_EVENT),
	  DOCUMENTED,
		"those who wait for the object were told before the actions" },
	{ { { [FINALIZE] = RETURNED, [LEAVE_SECTION] = DEED(FINALIZE),
	      [SET_EVENT] = DEED(LEAVE_SECTION),
	      [END_WAITS] = DEED(SET_EVENT) }, true }, DOCUMENTED,
		"a thread that is told something went on at once" },
	{ THIS_POOL,
	  { { [FINALIZE] = RETURNED, [LEAVE_SECTION] = RETURNED,
	      [SET_EVENT] = RETURNED, [END_WAITS] = ACTIONS }, false },
		"it were promised that the actions come before those who wait "
		"for the object" },
	{ THIS_POOL, { { 0 }, false }, "nothing at all were promised" },
	{ THIS_POOL, THIS_POOL, "the order of this pool were promised" },
	{ DOCUMENTED, DOCUMENTED, "this pool kept no order of its own" },
};

/* The signs by which the main thread meets this statement. */
static bool
is_met(enum letter statement, enum sign sign)
{
	static struct log_set set;

	log_set_find(&set, &truth.here, sign);
	return log_set_ever(&set, statement, true) ||
		log_set_ever(&set, statement, false);
}

static bool
always(const struct rules *rules, enum letter statement)
{
	static struct log_set set;

	for (enum sign sign = EVENT; sign < SIGNS; sign++) {
		log_set_find(&set, rules, sign);
		if (log_set_ever(&set, statement, false))
			return false;
	}
	return true;
}

static enum answer
answer_by(const struct belief *belief, enum letter statement)
{
	if (!always(&belief->here, statement))
		return NOT_EVEN_HERE;
	return always(&belief->promised, statement) ? PROMISED : ONLY_HERE;
}

/* ---- What the program finds with the real pool ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char found[STATEMENT_COUNT];	/* guarded by lock */

/* It is not so. Who says that it always is? Only explored: see above. */
static void
require_not_refuted(enum letter statement)
{
	require(answers[statement] == NOT_EVEN_HERE,
		"statement %c is not so in this schedule, and the answer "
		"says %s (%s)", ALL_LETTERS[statement],
		answer_names[answers[statement]], texts[statement]);
}

void
finds(enum letter statement, int so)
{
	const char text[] = { ALL_LETTERS[statement], so ? '+' : '-', 0 };

	pthread_mutex_lock(&lock);
	found[statement] = text[1];
	explore_note(text);
	pthread_mutex_unlock(&lock);
	if (explore_active() && !so)
		require_not_refuted(statement);
}

static void
play(enum sign sign)
{
	memset(found, 0, sizeof(found));
	program(sign);
}

static void
require_that_the_pool_agrees(enum sign sign)
{
	static struct log_set key;
	char log[LOG_SIZE];

	awaiting("the real pool, in order to confirm the key");
	log_set_find(&key, &truth.here, sign);
	for (unsigned i = 0; i < FREE_RUNS; i++) {
		play(sign);
		log_write(log, found);
		require(log_set_has(&key, log),
			"the key is wrong: the program found %s", log);
	}
}

/* ---- The answers ---- */

static unsigned
wrong_answers(const struct belief *belief, const char *letters)
{
	unsigned wrong = 0;

	for (; *letters != '\0'; letters++) {
		enum letter statement = (enum letter)(*letters - 'A');

		wrong += answers[statement] != answer_by(belief, statement);
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
 * The belief by which all answers to these statements would be right: the
 * one that also explains most of the other answers; NULL if there is none.
 */
static const struct belief *
belief_behind(const char *letters)
{
	const struct belief *likely = NULL;
	unsigned wrong, fewest = STATEMENT_COUNT + 1;

	for (size_t i = 0; i < sizeof(beliefs) / sizeof(*beliefs); i++) {
		if (wrong_answers(&beliefs[i], letters) > 0)
			continue;
		wrong = wrong_answers(&beliefs[i], ALL_LETTERS);
		if (wrong < fewest) {
			likely = &beliefs[i];
			fewest = wrong;
		}
	}
	return likely;
}

static bool
meets_any(enum sign sign, const char *letters)
{
	for (; *letters != '\0'; letters++)
		if (is_met((enum letter)(*letters - 'A'), sign))
			return true;
	return false;
}

static void
require_right(const char *letters)
{
	const struct belief *belief;
	unsigned wrong, missing = missing_answers(letters);

	require(missing == 0, "no answer yet to %u of the %zu statements "
		"%s", missing, strlen(letters), letters);
	for (enum sign sign = EVENT; sign < SIGNS; sign++) {
		if (!meets_any(sign, letters))
			continue;
		if (explore_active())
			play(sign);
		else
			require_that_the_pool_agrees(sign);
	}
	wrong = explore_active() ? 0 : wrong_answers(&truth, letters);
	if (wrong == 0)
		return;
	belief = belief_behind(letters);
	suite_fail("wrong answers to %u of the %zu statements %s%s%s", wrong,
		strlen(letters), letters, belief == NULL ? "" :
		"; all would be right if ", belief == NULL ? "" :
		belief->text);
}

CHECK(the_callback_comes_first)
{
	require_right("ABC");
}

CHECK(actions_come_in_an_order)
{
	require_right("DEF");
}

CHECK(a_wait_for_the_object_is_no_action)
{
	require_right("GHI");
}

CHECK(each_thread_goes_on_in_its_own_time)
{
	require_right("JKL");
}
