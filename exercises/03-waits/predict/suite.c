/* suite.c - the checks of "Predict what a wait object does" */
/* SPDX-License-Identifier: MIT */
/*
 * The key is what model.c finds, and the same that the explorer sees the
 * program write (key.sh). Before it is used, the real pool has to
 * agree: it must write each log of the key when everybody is held back
 * until their word is next in that log; held back in the same way by a log
 * that is not in the key, it must come to a stop before its end; and what
 * it writes when nobody holds it back must be in the key.
 *
 * An answer is compared with the key, and then with what the model finds
 * under wrong rules, so that the report can say what the answer believes.
 *
 * In the stages schedules and race the program itself answers: whatever it
 * writes in a schedule is possible, and the schedule shows how.
 */
#include <stdio.h>
#include <string.h>

#include "explore.h"
#include "suite.h"

#include "logs.h"
#include "model.h"
#include "program.h"

#define FREE_RUNS 10
#define MILLISECOND 10000LL
#define HOUR (3600000 * MILLISECOND)

#define LOG_OF(letter, situation, text) { situation, text },
static const struct {
	unsigned situation;
	const char *text;
} logs[LOG_COUNT] = { LOGS(LOG_OF) };

#define LETTER(letter, situation, text) #letter
static const char letters[] = LOGS(LETTER);

static const struct belief {
	struct rules rules;
	const char *text;
} beliefs[] = {
	{ { .stays_set = true },
		"a wait object went on waiting after a callback" },
	{ { .takes_late = true },
		"a signal was taken when the callback runs, and not before" },
	{ { .takes_all = true },
		"one callback took all that a semaphore has" },
	{ { .goes_on = true },
		"a wait object went on waiting after its time-out" },
	{ { .says_signal = true },
		"the callback was told WAIT_OBJECT_0 after a time-out" },
	{ { .resets = true },
		"a wait reset a manual-reset event" },
	{ { .needs_edge = true },
		"a wait needed a signal that comes after it was set" },
	{ { .zero_is_never = true },
		"a time-out of zero never came" },
	{ { .timeout_first = true },
		"a time-out of zero came before a signal that is there" }
};

static const struct rules true_rules;

/* ---- The log of the real pool ---- */

long long a_while;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static const char *script;	/* guarded by lock; NULL: write freely */
static char text[LOG_SIZE];	/* guarded by lock */
static bool await_timeout;	/* guarded by lock: before the object is set */
static bool timed_out;		/* guarded by lock: the callback is there */

/* Is this word the next one of the script? */
static bool
next_in_script_locked(const char *word)
{
	size_t length = strlen(text);
	const char *next;

	if (script == NULL)
		return true;
	/* A time-out comes before the object is set, if it is to come. */
	if (await_timeout && !timed_out && strcmp(word, "set") == 0)
		return false;
	next = script + length;
	if (length > 0 && *next == ' ')
		next++;
	length = strlen(word);
	return strncmp(next, word, length) == 0 &&
		(next[length] == ' ' || next[length] == '\0');
}

/* Waits for the word's turn, and writes it. */
void
log_word(const char *word)
{
	pthread_mutex_lock(&lock);
	if (strcmp(word, "timeout") == 0) {
		timed_out = true;
		pthread_cond_broadcast(&changed);
	}
	while (!next_in_script_locked(word))
		pthread_cond_wait(&changed, &lock);
	if (*text != '\0')
		strcat(text, " ");
	strcat(text, word);
	explore_note(word);
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void
run_program(void *number)
{
	program(*(unsigned *)number);
}

/* What does the real pool write when nobody holds it back? */
static const char *
free_log(unsigned situation, long long patience)
{
	a_while = patience;
	*text = '\0';
	program(situation);
	return text;
}

/* Lets the real pool write this log; it is held back accordingly. */
static void
begin_writing(struct actor *actor, unsigned *situation, const char *log)
{
	a_while = strstr(log, "timeout") != NULL ? MILLISECOND : HOUR;
	script = log;
	*text = '\0';
	await_timeout = a_while < HOUR &&
		situations[*situation - 1].sets_before == 0;
	timed_out = false;
	actor_start(actor, run_program, situation);
}

static void
require_written(unsigned situation, const char *log)
{
	struct actor actor;

	begin_writing(&actor, &situation, log);
	actor_join(&actor);
	script = NULL;
	require(strcmp(text, log) == 0, "the key is wrong: in situation %u "
		"the real pool does not write %s", situation, log);
}

static void
require_not_written(unsigned situation, const char *log)
{
	struct actor actor;
	bool same;

	begin_writing(&actor, &situation, log);
	await_still();
	pthread_mutex_lock(&lock);
	same = strcmp(text, log) == 0;
	script = NULL;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	actor_join(&actor);
	require(!same, "the key is wrong: in situation %u the real pool "
		"wrote %s", situation, log);
}

static void
find_key(struct log_set *set, const struct rules *rules, unsigned situation)
{
	log_set_find(set, rules, &situations[situation - 1]);
}

static void
require_that_the_pool_agrees(unsigned situation)
{
	static struct log_set key;

	awaiting("the real pool, in order to confirm the key");
	find_key(&key, &true_rules, situation);
	for (unsigned i = 0; i < key.count; i++)
		require_written(situation, key.text[i]);
	for (unsigned i = 0; i < LOG_COUNT; i++)
		if (logs[i].situation == situation &&
		    !log_set_has(&key, logs[i].text))
			require_not_written(situation, logs[i].text);
	for (unsigned i = 0; i < FREE_RUNS; i++)
		require(log_set_has(&key, free_log(situation, 1 + i * 1000)),
			"the key is wrong: in situation %u the real pool "
			"wrote %s", situation, text);
}

/* ---- The answers ---- */

/* How many answers to these logs are not what the rules say? */
static unsigned
wrong_answers(const struct rules *rules, const char *group)
{
	static struct log_set set;
	unsigned wrong = 0;

	for (; *group != '\0'; group++) {
		unsigned i = (unsigned)(*group - 'A');

		find_key(&set, rules, logs[i].situation);
		wrong += answers[i] != (log_set_has(&set, logs[i].text) ?
			POSSIBLE : IMPOSSIBLE);
	}
	return wrong;
}

static unsigned
missing_answers(const char *group)
{
	unsigned missing = 0;

	for (; *group != '\0'; group++)
		missing += answers[*group - 'A'] == UNDECIDED;
	return missing;
}

/*
 * The wrong rules by which all answers to these logs would be right: those
 * that also explain most of the other answers; NULL if there are none.
 */
static const struct belief *
belief_behind(const char *group)
{
	const struct belief *found = NULL;
	unsigned wrong, fewest = LOG_COUNT + 1;

	for (size_t i = 0; i < sizeof(beliefs) / sizeof(*beliefs); i++) {
		wrong = wrong_answers(&beliefs[i].rules, letters);
		if (wrong_answers(&beliefs[i].rules, group) == 0 &&
		    wrong < fewest) {
			found = &beliefs[i];
			fewest = wrong;
		}
	}
	return found;
}

/* In this schedule the program writes a log. Who says that it cannot? */
static void
require_possible(unsigned situation, const char *log)
{
	for (unsigned i = 0; i < LOG_COUNT; i++)
		require(logs[i].situation != situation ||
			strcmp(logs[i].text, log) != 0 ||
			answers[i] == POSSIBLE, "the program wrote log %c, "
			"which the answer does not call possible: %s",
			(int)('A' + i), log);
}

/* The letters are those of a group of logs, of situations first to last. */
static void
require_right(const char *group, unsigned first, unsigned last)
{
	const struct belief *belief;
	unsigned wrong, missing = missing_answers(group);

	require(missing == 0, "no answer yet to %u of the %zu logs %s",
		missing, strlen(group), group);
	for (unsigned i = first; i <= last; i++)
		if (explore_active())
			require_possible(i, free_log(i, MILLISECOND));
		else
			require_that_the_pool_agrees(i);
	if (explore_active())
		return;
	wrong = wrong_answers(&true_rules, group);
	if (wrong == 0)
		return;
	belief = belief_behind(group);
	suite_fail("wrong answers to %u of the %zu logs %s%s%s", wrong,
		strlen(group), group, belief == NULL ? "" :
		"; all would be right if ", belief == NULL ? "" :
		belief->text);
}

CHECK(a_callback_takes_one_signal_and_the_wait_is_over)
{
	require_right("ABCDEFG", 1, 2);
}

CHECK(signal_or_time_out_but_not_both)
{
	require_right("HIJKL", 3, 3);
}

CHECK(a_manual_reset_event_stays_set)
{
	require_right("MNOPQ", 4, 5);
}

CHECK(zero_is_at_once_and_a_signal_comes_first)
{
	require_right("RSTU", 6, 7);
}
