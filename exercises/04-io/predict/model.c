/* model.c - what is due, by certain rules */
/* SPDX-License-Identifier: MIT */
/*
 * The first question is how the call returns: that depends on what the
 * other end has done by then. In I it may be early or late; both are tried.
 * The second is what comes of it.
 *
 * Interface: log_set_find, log_write, answer_of (model.h).
 */
#include "model.h"

#include <stdio.h>

void
log_write(char *log, enum result result, unsigned callbacks, bool open)
{
	static const char *const words[] = { "ended", "pending", "failed" };

	snprintf(log, LOG_SIZE, "%s, %u callbacks, %s", words[result],
		callbacks, open ? "open" : "settled");
}

static bool
skips(enum letter letter)
{
	return letter == G || letter == H || letter == I;
}

static enum result
call_result(enum letter letter, bool early)
{
	if (letter == E || letter == F)
		return FAILED;
	return letter == D || letter == G || early ? ENDED : PENDING;
}

/* What is due: a callback, an open announcement. */
struct due {
	unsigned callbacks;
	bool open;
};

static struct due
due_of_failure(const struct rules *rules)
{
	if (rules->failure_brings_callback)
		return (struct due){ 1, false };
	return (struct due){ 0, !rules->failure_settles };
}

static struct due
due_of_success(const struct rules *rules, enum letter letter)
{
	if (skips(letter) && !rules->skips_nothing)
		return (struct due){ 0, !rules->skipping_settles };
	if (rules->success_brings_none)
		return (struct due){ 0, true };
	return (struct due){ 1, rules->success_needs_both };
}

static struct due
due_of_pending(const struct rules *rules, enum letter letter)
{
	if (rules->pending_is_failure ||
	    (letter == B && rules->errors_bring_none) ||
	    (letter == C && rules->cancelled_brings_none) ||
	    (skips(letter) && rules->skips_all))
		return (struct due){ 0, letter != C ||
			!rules->cancelled_brings_none };
	if (letter == L && rules->counts)
		return (struct due){ 0, false };
	return (struct due){ 1, rules->pending_needs_both };
}

static struct due
due_of(const struct rules *rules, enum letter letter, enum result result)
{
	if (letter == J)
		return (struct due){ rules->all_bring_callbacks, false };
	if (letter == K && !rules->wait_drops_queued)
		return (struct due){ 0, rules->wait_leaves_open };
	if (result == FAILED)
		return due_of_failure(rules);
	return result == ENDED ? due_of_success(rules, letter) :
		due_of_pending(rules, letter);
}

void
log_set_find(struct log_set *set, const struct rules *rules,
	enum letter letter)
{
	char log[LOG_SIZE];

	set->count = 0;
	for (int early = 0; early <= (letter == I); early++) {
		enum result result = call_result(letter, early);
		struct due due = due_of(rules, letter, result);

		log_write(log, result, due.callbacks, due.open);
		log_set_add(set, log);
	}
}

/* ---- Answers ---- */

static enum answer
answer_of_log(const char *log)
{
	bool callback = strstr(log, " 1 callbacks") != NULL;
	bool open = strstr(log, "open") != NULL;

	if (callback)
		return open ? BOTH : CALLS_BACK;
	return open ? CANCEL : NEITHER;
}

enum answer
answer_of(const struct log_set *set)
{
	enum answer answer = answer_of_log(set->text[0]);

	for (unsigned i = 1; i < set->count; i++) {
		enum answer next = answer_of_log(set->text[i]);

		if (next == answer)
			continue;
		if (next == BOTH || next == NEITHER || answer == BOTH ||
		    answer == NEITHER)
			return UNDECIDED;
		answer = EITHER;
	}
	return answer;
}
