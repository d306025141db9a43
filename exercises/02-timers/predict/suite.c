/* suite.c - the checks of "When does it fire?" */
/* SPDX-License-Identifier: MIT */
/*
 * The key is what model.c says, and the same that the explorer sees the
 * program do (key.sh). Before it is used, the real pool has to agree: the
 * program is run in virtual time, and every timer must fire when the key
 * says.
 *
 * An answer is compared with the key, and then with what the model says
 * under wrong rules, so that the report can say what the answer believes.
 *
 * In the stages schedules and race the program itself answers: whatever it
 * does in a schedule is compared with the answer, step by step.
 */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "explore.h"
#include "suite.h"

#include "model.h"
#include "program.h"

static const struct belief {
	struct rules rules;
	const char *text;
} beliefs[] = {
	{ { .sign_flipped = true },
		"a negative due time were one that has passed" },
	{ { .microseconds = true }, "due times were microseconds" },
	{ { .milliseconds = true }, "due times were milliseconds" },
	{ { .null_is_at_once = true }, "NULL meant at once" },
	{ { .null_is_nothing = true }, "NULL changed nothing" },
	{ { .zero_is_never = true }, "a due time of zero meant never" },
	{ { .periods_of_100_ms = true }, "periods were of 100 ms each" },
	{ { .period_from_end = true },
		"a period began when the callback returned" },
	{ { .sets_add = true },
		"a timer that is set again kept its first time as well" },
	{ { .sets_once = true }, "only the first setting counted" },
	{ { .window_ignored = true }, "a window made no difference" },
	{ { .window_is_delay = true }, "a window were a delay" },
};

/* ---- The times of the real pool ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct answer times[TIMER_COUNT];	/* guarded by lock */
static long long start;				/* us; guarded by lock */

void
begun(void)
{
	pthread_mutex_lock(&lock);
	start = clock_us();
	pthread_mutex_unlock(&lock);
}

/* In this schedule the timer fires. Does the answer say so? */
static void
require_foretold(enum letter letter, int ms)
{
	const struct answer *answer = &answers[letter];

	for (int i = 0; i < answer->count && i < MOST; i++)
		if (answer->ms[i] == ms)
			return;
	suite_fail("timer %c fired at %d ms, which the answer does not say",
		(int)('A' + letter), ms);
}

void
fired(enum letter letter)
{
	struct answer *answer = &times[letter];
	int ms;

	pthread_mutex_lock(&lock);
	ms = (int)((clock_us() - start) / 1000);
	if (answer->count < MOST)
		answer->ms[answer->count++] = ms;
	pthread_mutex_unlock(&lock);
	if (explore_active())
		require_foretold(letter, ms);
}

static void
run_program(void *unused)
{
	(void)unused;
	program();
}

static void
set_environment(void)
{
	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
}

/* The real pool, in time that moves when nothing else does. */
static void
require_that_the_pool_agrees(const struct answer key[TIMER_COUNT])
{
	char text[ANSWER_SIZE];
	struct actor actor;

	awaiting("the real pool, in order to confirm the key");
	set_environment();
	clock_begin();
	actor_start(&actor, run_program, NULL);
	clock_to(2 * HORIZON * 1000);
	actor_join(&actor);
	for (int i = 0; i < TIMER_COUNT; i++)
		require(answer_is(&key[i], &times[i]), "the key is wrong: in "
			"the real pool timer %c fired at: %s", 'A' + i,
			answer_text(text, &times[i]));
}

/* ---- The answers ---- */

/* How many answers to these timers are not what these times say? */
static unsigned
wrong_answers(const struct answer right[TIMER_COUNT], const char *letters)
{
	unsigned wrong = 0;

	for (; *letters != '\0'; letters++)
		wrong += !answer_is(&answers[*letters - 'A'],
			&right[*letters - 'A']);
	return wrong;
}

static unsigned
missing_answers(const char *letters)
{
	unsigned missing = 0;

	for (; *letters != '\0'; letters++)
		missing += answers[*letters - 'A'].count < 0;
	return missing;
}

/*
 * The wrong rules by which all answers to these timers would be right: those
 * that also explain most of the other answers; NULL if there are none.
 */
static const struct belief *
belief_behind(const char *letters)
{
	const struct belief *found = NULL;
	struct answer believed[TIMER_COUNT];
	unsigned wrong, fewest = TIMER_COUNT + 1;

	for (size_t i = 0; i < sizeof(beliefs) / sizeof(*beliefs); i++) {
		model_times(believed, &beliefs[i].rules);
		wrong = wrong_answers(believed, "ABCDEFGH");
		if (wrong_answers(believed, letters) == 0 && wrong < fewest) {
			found = &beliefs[i];
			fewest = wrong;
		}
	}
	return found;
}

/* The program in this schedule: all that is foretold must come. */
static void
require_foretold_in_this_schedule(void)
{
	char text[ANSWER_SIZE];

	set_environment();
	clock_begin();
	program();
	pthread_mutex_lock(&lock);
	for (int i = 0; i < TIMER_COUNT; i++)
		require(answer_is(&answers[i], &times[i]), "timer %c fired "
			"at: %s, and not as the answer says", 'A' + i,
			answer_text(text, &times[i]));
	pthread_mutex_unlock(&lock);
}

/* The letters are those of a group of timers. */
static void
require_right(const char *letters)
{
	static const struct rules pool_rules;
	struct answer key[TIMER_COUNT];
	const struct belief *belief;
	unsigned wrong, missing = missing_answers(letters);

	require(missing == 0, "no answer yet to %u of the %zu timers %s",
		missing, strlen(letters), letters);
	if (explore_active()) {
		require_foretold_in_this_schedule();
		return;
	}
	model_times(key, &pool_rules);
	require_that_the_pool_agrees(key);
	wrong = wrong_answers(key, letters);
	if (wrong == 0)
		return;
	belief = belief_behind(letters);
	suite_fail("wrong answers to %u of the %zu timers %s%s%s", wrong,
		strlen(letters), letters, belief == NULL ? "" :
		"; all would be right if ", belief == NULL ? "" :
		belief->text);
}

CHECK(a_due_time_has_a_sign_and_a_unit)
{
	require_right("ABE");
}

CHECK(zero_is_at_once_and_null_is_never)
{
	require_right("CD");
}

CHECK(a_period_counts_from_the_last_due_time)
{
	require_right("CF");
}

CHECK(the_last_setting_counts_and_a_window_is_for_company)
{
	require_right("GH");
}
