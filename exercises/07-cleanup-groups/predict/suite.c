/* suite.c - the checks of "What was closed?" */
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
	{ { .all_or_none = true },
		"the call found either both members or neither" },
	{ { .awaits_creator = true },
		"the call closed members that are yet to be created" },
	{ { .lets_none_in = true },
		"no member could be created while the call runs" },
	{ { .tells_of_all = true },
		"a simple callback that has run were cancelled as well" },
	{ { .tells_first = true },
		"the cancel callbacks came before the call waits" },
	{ { .tells_nobody = true },
		"simple callbacks had no cancel callback" },
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
log_runs(unsigned number)
{
	write_line(number == 1 ? "r1" : "r2");
}

void
log_cancelled(unsigned number)
{
	write_line(number == 1 ? "c1" : "c2");
}

void
log_closed(void)
{
	write_line("closed");
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

CHECK(the_call_closes_the_members_there_are)
{
	require_right("ABC");
}

CHECK(each_member_runs_or_is_cancelled)
{
	require_right("DEF");
}

CHECK(cancel_callbacks_come_at_the_end)
{
	require_right("GHI");
}

CHECK(the_rest_goes_on_meanwhile)
{
	require_right("JKL");
}
