/* suite.c - the checks of "Balance the account" */
/* SPDX-License-Identifier: MIT */
/*
 * The key is what model.c finds, and the same that the explorer sees the
 * program come to (key.sh). Before it is used, the real pool has to agree:
 * the program takes nothing back, and when everything has come to rest its
 * last wait either has returned or has not; then an announcement is open.
 * In I the two threads are held back, so that either is the first.
 *
 * An answer is compared with the key, and then with what the model finds
 * under wrong rules, so that the report can say what the answer believes.
 *
 * In the stages schedules and race the program keeps its account by the
 * answers. Where they are wrong it never ends, or takes back what nobody has
 * announced, and the schedule shows how.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "explore.h"
#include "stream.h"
#include "suite.h"

#include "model.h"
#include "program.h"

#define ALL_LETTERS "ABCDEFGHIJKL"

#define ACCOUNT_TEXT(letter, text) text,
static const char *const texts[ACCOUNT_COUNT] = { ACCOUNTS(ACCOUNT_TEXT) };

static const struct rules true_rules;

static const struct belief {
	struct rules rules;
	const char *text;
} beliefs[] = {
	{ { .pending_is_failure = true },
		"ERROR_IO_PENDING were a failure" },
	{ { .pending_needs_both = true },
		"what is pending had a callback and were to be taken back" },
	{ { .errors_bring_none = true },
		"a pending request that ends badly had no callback" },
	{ { .cancelled_brings_none = true },
		"CancelIoEx took the announcement back" },
	{ { .success_needs_both = true },
		"a success at once had a callback and were to be taken back" },
	{ { .success_brings_none = true },
		"a success at once had no callback" },
	{ { .failure_brings_callback = true },
		"the callback were told of a failure at once" },
	{ { .failure_settles = true },
		"a failure at once settled the announcement by itself" },
	{ { .skipping_settles = true },
		"skipping the callback settled the announcement as well" },
	{ { .skips_nothing = true },
		"a success at once had a callback in any mode" },
	{ { .skips_all = true },
		"skipping were for all requests, pending or not" },
	{ { .all_bring_callbacks = true },
		"each request had a callback, announced or not" },
	{ { .wait_drops_queued = true },
		"a wait with TRUE dropped only what is queued" },
	{ { .wait_leaves_open = true },
		"what a wait with TRUE has dropped were to be taken back" },
	{ { .counts = true },
		"announcements were a number, and not each its request's" },
};

/* The poller is there, and stays. */
void
suite_prepare(void)
{
	int ends[2];

	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	require(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0,
		"the check itself could not make a connection");
	for (int i = 0; i < 2; i++)
		CloseHandle(tp_open_descriptor(ends[i],
			FILE_FLAG_OVERLAPPED));
}

/* ---- What the real pool comes to ---- */

enum order { ANY, WRITE_FIRST, READ_FIRST };

static enum order order;		/* of I's two threads */
static struct gate has_read, has_written;
static char log_text[LOG_SIZE];		/* what the program has told */
static enum result told_result;
static unsigned told_callbacks;

void
place(enum place here)
{
	if (here == BEFORE_READ && order == WRITE_FIRST)
		gate_wait(&has_written);
	if (here == BEFORE_WRITE && order == READ_FIRST)
		gate_wait(&has_read);
	if (here == AFTER_READ)
		gate_open(&has_read);
	if (here == AFTER_WRITE)
		gate_open(&has_written);
}

bool
takes_back(enum letter letter, enum result result)
{
	enum answer answer = answers[letter];

	return explore_active() && (answer == CANCEL || answer == BOTH ||
		(answer == EITHER && result != PENDING));
}

void
tells(enum letter letter, enum result result, unsigned callbacks)
{
	(void)letter;
	told_result = result;
	told_callbacks = callbacks;
}

static void
begin(enum order of_threads)
{
	static const struct gate shut = GATE_SHUT;

	order = of_threads;
	has_read = has_written = shut;
}

static void
run_program(void *letter)
{
	program(*(enum letter *)letter);
}

/* The log of the real pool, when the program takes nothing back. */
static const char *
real_log(enum letter letter, enum order of_threads)
{
	struct actor actor;
	bool open;

	begin(of_threads);
	actor_start(&actor, run_program, &letter);
	await_still();
	open = !actor_done(&actor);
	if (open)
		take_back();
	actor_join(&actor);
	log_write(log_text, told_result, told_callbacks, open);
	return log_text;
}

static void
require_that_the_pool_agrees(enum letter letter)
{
	static struct log_set key;
	static struct log_set real;

	awaiting("the real pool, in order to confirm the key");
	log_set_find(&key, &true_rules, letter);
	real.count = 0;
	if (letter != I) {
		log_set_add(&real, real_log(letter, ANY));
	} else {
		log_set_add(&real, real_log(letter, READ_FIRST));
		log_set_add(&real, real_log(letter, WRITE_FIRST));
	}
	for (unsigned i = 0; i < real.count; i++)
		require(log_set_has(&key, real.text[i]), "the key is wrong: "
			"in %c the real pool comes to %s",
			ALL_LETTERS[letter], real.text[i]);
	require(real.count == key.count, "the key is wrong: in %c the real "
		"pool comes to less", ALL_LETTERS[letter]);
}

/* ---- The answers ---- */

static unsigned
wrong_answers(const struct rules *rules, const char *letters)
{
	static struct log_set set;
	unsigned wrong = 0;

	for (; *letters != '\0'; letters++) {
		enum letter letter = (enum letter)(*letters - 'A');

		log_set_find(&set, rules, letter);
		wrong += answers[letter] != answer_of(&set);
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
 * The belief by which all answers to these accounts would be right: the one
 * that also explains most of the other answers; NULL if there is none.
 */
static const struct belief *
belief_behind(const char *letters)
{
	const struct belief *likely = NULL;
	unsigned wrong, fewest = ACCOUNT_COUNT + 1;

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

/* In this schedule the program keeps its account by the answer. */
static void
require_balance(enum letter letter)
{
	enum answer answer = answers[letter];
	unsigned callbacks;

	begin(ANY);
	explore_note(texts[letter]);
	program(letter);
	callbacks = answer == CALLS_BACK || answer == BOTH ||
		(answer == EITHER && told_result == PENDING);
	require(told_callbacks == callbacks, "in %c (%s) %u callbacks have "
		"come in this schedule, and the answer says %u",
		ALL_LETTERS[letter], texts[letter], told_callbacks, callbacks);
}

static void
require_right(const char *letters)
{
	const struct belief *belief;
	unsigned wrong, missing = missing_answers(letters);

	require(missing == 0, "no answer yet to %u of the %zu accounts %s",
		missing, strlen(letters), letters);
	for (const char *c = letters; *c != '\0'; c++)
		if (explore_active())
			require_balance((enum letter)(*c - 'A'));
		else
			require_that_the_pool_agrees((enum letter)(*c - 'A'));
	wrong = explore_active() ? 0 : wrong_answers(&true_rules, letters);
	if (wrong == 0)
		return;
	belief = belief_behind(letters);
	suite_fail("wrong answers to %u of the %zu accounts %s%s%s", wrong,
		strlen(letters), letters, belief == NULL ? "" :
		"; all would be right if ", belief == NULL ? "" :
		belief->text);
}

CHECK(what_is_pending_ends_in_a_callback)
{
	require_right("ABC");
}

CHECK(what_ends_at_once_may_have_no_callback)
{
	require_right("DEF");
}

CHECK(skipping_is_for_success_at_once)
{
	require_right("GHI");
}

CHECK(an_announcement_is_for_one_request)
{
	require_right("JKL");
}
