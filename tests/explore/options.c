/* options.c - what EXPLORE in the environment asks for */
/* SPDX-License-Identifier: MIT */
/*
 * EXPLORE holds words, KEY=VALUE or KEY alone, separated by blanks; README.md
 * explains each. What is not understood to the last letter is refused: a
 * program that explores something else than it was asked for would pass for
 * the wrong reason, and so would one that makes no execution at all.
 *
 * Interface: xp_options, xp_options_read.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

struct xp_options xp_options = {
	.runs = 2000, .seed = 1, .depth = 3, .one = -1, .preemptions = -1,
	.races = true, .minimise = true, .step_limit = 20000,
	.time_limit = XP_HOUR, .hang = 10,
	.replay = "", .allow = "", .text = "", .svg = "", .json = "",
	.trace = ""
};

static bool
is(const char *value, const char *word)
{
	return strcmp(value, word) == 0;
}

/* A whole number, and nothing else. */
static bool
is_number(const char *value, unsigned long *number)
{
	char *end;

	errno = 0;
	*number = strtoul(value, &end, 10);
	return isdigit((unsigned char)value[0]) && *end == '\0' &&
		errno == 0;
}

/* ---- Words of one kind each; false: the value is not one ---- */

static bool
strategy(const char *value)
{
	struct xp_options *o = &xp_options;
	unsigned long depth;

	o->mix = XP_ONLY;
	if (is(value, "portfolio"))
		o->mix = XP_MIXED;
	else if (is(value, "first"))
		o->only = XP_FIRST;
	else if (is(value, "pos"))
		o->only = XP_POS;
	else if (is(value, "random"))
		o->only = XP_RANDOM;
	else if (strncmp(value, "pct", 3) == 0 &&
	    is_number(value + 3, &depth) &&
	    depth >= 1 && depth <= XP_DEPTH_MAX)
		o->only = XP_PCT;
	else
		return false;
	if (o->mix == XP_ONLY && o->only == XP_PCT)
		o->depth = (unsigned)depth;
	return true;
}

static bool
spurious(const char *value)
{
	xp_options.spurious = is(value, "on") ? XP_ALWAYS :
		is(value, "off") ? XP_NEVER : XP_SOMETIMES;
	return is(value, "on") || is(value, "off") || is(value, "sometimes");
}

static bool
pace(const char *value)
{
	xp_options.slow = is(value, "race");
	return is(value, "race") || is(value, "strict");
}

static bool
show(const char *value)
{
	xp_options.output = true;
	return is(value, "output");
}

/* malloc:3 or eintr:1 */
static bool
fail(const char *value)
{
	size_t length = strcspn(value, ":");
	unsigned what = xp_fault_of(value, length);

	return value[length] == ':' && what < EXPLORE_FAULTS &&
		is_number(value + length + 1, &xp_options.fail[what]);
}

/* Sets the flag of that name, if there is one. */
static bool
set_flag(const char *key, const char *value)
{
	struct xp_options *o = &xp_options;
	bool *flag = is(key, "leftovers") ? &o->leftovers :
		is(key, "races") ? &o->races :
		is(key, "finish") ? &o->finish :
		is(key, "minimise") ? &o->minimise :
		is(key, "outcomes") ? &o->outcomes :
		is(key, "quiet") ? &o->quiet : NULL;

	if (flag == NULL || (!is(value, "on") && !is(value, "off")))
		return false;
	*flag = is(value, "on");
	return true;
}

static bool
set_text(const char *key, const char *value)
{
	struct xp_options *o = &xp_options;
	const char **text = is(key, "replay") ? &o->replay :
		is(key, "allow") ? &o->allow : is(key, "text") ? &o->text :
		is(key, "svg") ? &o->svg : is(key, "json") ? &o->json :
		is(key, "trace") ? &o->trace : NULL;

	if (text == NULL)
		return false;
	*text = value;
	return true;
}

static bool
set_number(const char *key, const char *value)
{
	struct xp_options *o = &xp_options;
	unsigned long n;

	if (!is_number(value, &n) || (n > INT_MAX && !is(key, "seed")))
		return false;
	if (is(key, "runs") && n > 0)
		o->runs = n;
	else if (is(key, "seed"))
		o->seed = n;
	else if (is(key, "seeds"))
		o->seeds = n;
	else if (is(key, "one"))
		o->one = (long)n;
	else if (is(key, "jobs"))
		o->jobs = (unsigned)n;
	else if (is(key, "repeat"))
		o->repeat = n;
	else if (is(key, "faults"))
		o->faults = n;
	else if (is(key, "search"))
		o->preemptions = (int)n;
	else if (is(key, "steps") && n < XP_STEPS)	/* all are kept */
		o->step_limit = (uint32_t)n;
	else if (is(key, "limit"))
		o->time_limit = (xp_time)n * 1000 * XP_MS;
	else if (is(key, "width"))
		o->width = (unsigned)n;
	else if (is(key, "fold"))
		o->fold = (unsigned)n;
	else if (is(key, "hang"))
		o->hang = (unsigned)n;
	else
		return false;
	return true;
}

static bool
set(const char *key, const char *value)
{
	static const struct {
		const char *key;
		bool (*set)(const char *value);
	} words[] = {
		{ "strategy", strategy }, { "spurious", spurious },
		{ "time", pace }, { "show", show }, { "fail", fail },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (is(key, words[i].key))
			return words[i].set(value);
	return set_flag(key, value) || set_text(key, value) ||
		set_number(key, value);
}

/* ---- Interface ---- */

/*
 * Takes over what the words ask for; NULL: nothing. Fails if one is not
 * understood, and says which. Texts point into a copy that stays.
 */
bool
xp_options_read(const char *words)
{
	char *word, *rest;

	if (words == NULL)
		return true;
	rest = xp_options.words = malloc(strlen(words) + 1);
	if (rest == NULL)
		exit(3);
	strcpy(rest, words);
	while ((word = strtok_r(rest, " \t\n", &rest)) != NULL) {
		char *value = strchr(word, '=');

		if (is(word, "off")) {
			xp_options.off = true;
			continue;
		}
		if (value != NULL)
			*value = '\0';
		if (!set(word, value != NULL ? value + 1 : "on")) {
			if (value != NULL)
				*value = '=';
			fprintf(stderr, "explore: EXPLORE has a word that "
				"means nothing: %s\n", word);
			return false;
		}
	}
	return true;
}
