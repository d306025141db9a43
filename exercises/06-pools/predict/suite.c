/* suite.c - the checks of "Whose turn is it?" */
/* SPDX-License-Identifier: MIT */
/*
 * The key is what model.c finds, and the same that the explorer sees the
 * program write (key.sh). Before it is used, what the real pool writes when
 * nobody holds it back must be in the key.
 *
 * An answer is compared with the key, and then with what the model finds
 * under wrong rules, so that the report can say what the answer believes.
 *
 * In the stages schedules and race the program itself answers: whatever it
 * writes in a schedule is possible, and the schedule shows how.
 */
#include <string.h>

#include "explore.h"
#include "suite.h"

#include "logs.h"
#include "model.h"
#include "program.h"

#define FREE_RUNS 50

#define LOG_TEXT(letter, text) text,
static const char *const texts[LOG_COUNT] = { LOGS(LOG_TEXT) };

static const struct rules true_rules;

static const struct belief {
	struct rules rules;
	const char *text;
} beliefs[] = {
	{ { .follows_environment = true },
		"an object followed its environment" },
	{ { .thread_for_each = true },
		"the maximum were one thread for each object" },
	{ { .interrupts = true },
		"a high priority interrupted what runs" },
	{ { .as_posted = true },
		"the pool ran its callbacks in the order of the posts" },
	{ { .waits_for_high = true },
		"what is high always ran before what is low" },
	{ { .begins_as_posted = true },
		"callbacks of both pools began in the order of the posts" },
};

/* ---- The log of the real pool ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char text[8 * LOG_SIZE];		/* guarded by lock */

static void
write_line(const char *line)
{
	pthread_mutex_lock(&lock);
	if (*text != '\0')
		strcat(text, " ");
	strcat(text, line);
	explore_note(line);
	pthread_mutex_unlock(&lock);
}

void
log_begins(unsigned number)
{
	static const char *const lines[] = { "a", "b", "c" };

	write_line(lines[number]);
}

void
log_ends(unsigned number)
{
	static const char *const lines[] = { "A", "B", "C" };

	write_line(lines[number]);
}

void
log_end(void)
{
}

static const char *
free_log(void)
{
	*text = '\0';
	program();
	return text;
}

static void
require_that_the_pool_agrees(const struct log_set *key)
{
	awaiting("the real pool, in order to confirm the key");
	for (unsigned i = 0; i < FREE_RUNS; i++)
		require(log_set_has(key, free_log()),
			"the key is wrong: the real pool wrote %s", text);
}

/* ---- The answers ---- */

#include "predict.h"

CHECK(an_object_stays_where_it_was_created)
{
	require_right("ABC");
}

CHECK(priority_is_for_what_is_queued)
{
	require_right("DEF");
}

CHECK(a_pool_keeps_its_maximum)
{
	require_right("GHI");
}

CHECK(pools_do_not_know_of_each_other)
{
	require_right("JKL");
}
