/* suite.c - the checks of "Predict the log of three posts" */
/* SPDX-License-Identifier: MIT */
/*
 * The key is what model.c finds, and the same that the explorer sees the
 * program write (key.sh). Before it is used, the real pool has to
 * agree: it must write each log of the key when every callback is held back
 * until its line is next in that log; held back in the same way by a log
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

#define FREE_RUNS 50

#define LOG_TEXT(letter, text) text,
static const char *const texts[LOG_COUNT] = { LOGS(LOG_TEXT) };

static const struct rules true_rules = { .threads = 2 };

static const struct belief {
	struct rules rules;
	const char *text;
} beliefs[] = {
	{ { .threads = 2, .submits_coalesce = true },
		"a submit added nothing while a post was queued" },
	{ { .threads = 2, .one_at_a_time = true },
		"callbacks of one object never overlapped" },
	{ { .threads = 3 }, "every post had a thread of its own" },
	{ { .threads = 2, .ends_in_order = true },
		"what starts first always ended first" },
	{ { .threads = 2, .waits_for_queue = true },
		"the wait only watched the queue" },
};

/* ---- The log of the real pool ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t written = PTHREAD_COND_INITIALIZER;
static const char *script;	/* guarded by lock; NULL: write freely */
static char text[LOG_SIZE];	/* guarded by lock */
static unsigned started;	/* guarded by lock */

/* Is this line the next one of the script? */
static bool
next_in_script_locked(const char *line)
{
	size_t length = strlen(text);
	const char *next;

	if (script == NULL)
		return true;
	next = script + length;
	if (length > 0 && *next == ' ')
		next++;
	length = strlen(line);
	return strncmp(next, line, length) == 0 &&
		(next[length] == ' ' || next[length] == '\0');
}

/* Waits for the line's turn, and writes it. Number 0: that of a start. */
static unsigned
write_line(const char *kind, unsigned number)
{
	char line[16];

	pthread_mutex_lock(&lock);
	do {
		snprintf(line, sizeof(line), *kind == 'd' ? "%s" : "%s%u",
			kind, number > 0 ? number : started + 1);
	} while (!next_in_script_locked(line) &&
	    pthread_cond_wait(&written, &lock) == 0);
	if (*kind == 's')
		number = ++started;
	if (*text != '\0')
		strcat(text, " ");
	strcat(text, line);
	explore_note(line);
	pthread_cond_broadcast(&written);
	pthread_mutex_unlock(&lock);
	return number;
}

unsigned
log_start(void)
{
	return write_line("s", 0);
}

void
log_end(unsigned number)
{
	write_line("e", number);
}

void
log_done(void)
{
	write_line("done", 0);
}

static void
run_program(void *unused)
{
	(void)unused;
	program();
}

/* What does the real pool write when nobody holds it back? */
static const char *
free_log(void)
{
	*text = '\0';
	started = 0;
	program();
	return text;
}

/* Does the real pool write this log, if it is held back accordingly? */
static bool
pool_writes(const char *log)
{
	struct actor actor;
	bool same;

	script = log;
	*text = '\0';
	started = 0;
	actor_start(&actor, run_program, NULL);
	await_still();
	pthread_mutex_lock(&lock);
	same = strcmp(text, log) == 0;
	script = NULL;
	pthread_cond_broadcast(&written);
	pthread_mutex_unlock(&lock);
	actor_join(&actor);
	return same;
}

static void
require_that_the_pool_agrees(const struct log_set *key)
{
	awaiting("the real pool, in order to confirm the key");
	for (unsigned i = 0; i < key->count; i++)
		require(pool_writes(key->text[i]), "the key is wrong: the "
			"real pool does not write %s", key->text[i]);
	for (unsigned i = 0; i < LOG_COUNT; i++)
		require(log_set_has(key, texts[i]) || !pool_writes(texts[i]),
			"the key is wrong: the real pool wrote %s", texts[i]);
	for (unsigned i = 0; i < FREE_RUNS; i++)
		require(log_set_has(key, free_log()),
			"the key is wrong: the real pool wrote %s", text);
}

/* ---- The answers ---- */

#include "predict.h"

CHECK(every_post_gives_one_callback)
{
	require_right("ABH");
}

CHECK(as_many_run_at_once_as_the_pool_has_threads)
{
	require_right("CFK");
}

CHECK(callbacks_may_end_in_any_order)
{
	require_right("DGI");
}

CHECK(the_wait_is_for_all_of_them)
{
	require_right("EJL");
}
