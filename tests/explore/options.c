/* options.c - what EXPLORE in the environment asks for */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

struct xp_options xp_options = {
	.runs = 2000, .seed = 1, .depth = 3, .one = -1, .preemptions = -1,
	.races = true, .minimise = true, .step_limit = 20000,
	.time_limit = XP_HOUR, .hang = 10
};

static bool
on(const char *value)
{
	return strcmp(value, "on") == 0 || strcmp(value, "yes") == 0;
}

static void
put(char *to, size_t size, const char *value)
{
	snprintf(to, size, "%s", value);
}

static bool
strategy(const char *value)
{
	struct xp_options *o = &xp_options;

	o->mix = XP_ONLY;
	if (strcmp(value, "portfolio") == 0)
		o->mix = XP_MIXED;
	else if (strcmp(value, "first") == 0)
		o->only = XP_FIRST;
	else if (strcmp(value, "pos") == 0)
		o->only = XP_POS;
	else if (strcmp(value, "random") == 0)
		o->only = XP_RANDOM;
	else if (sscanf(value, "pct%u", &o->depth) == 1 && o->depth >= 1 &&
	    o->depth <= 8)
		o->only = XP_PCT;
	else
		return false;
	return true;
}

static bool
spurious(const char *value)
{
	xp_options.spurious = on(value) ? XP_ALWAYS :
		strcmp(value, "off") == 0 ? XP_NEVER : XP_SOMETIMES;
	return true;
}

/* fail=malloc:3 or fail=thread:1 */
static bool
fail(const char *value)
{
	return sscanf(value, "malloc:%lu",
			&xp_options.fail[EXPLORE_MALLOC]) == 1 ||
		sscanf(value, "thread:%lu",
			&xp_options.fail[EXPLORE_THREAD]) == 1;
}

/* Sets what is called key; false: there is no such thing. */
static bool
set(const char *key, const char *value)
{
	struct xp_options *o = &xp_options;
	const struct {
		const char *key;
		bool *flag;
	} flags[] = {
		{ "leftovers", &o->leftovers }, { "races", &o->races },
		{ "finish", &o->finish },
		{ "minimise", &o->minimise }, { "outcomes", &o->outcomes },
		{ "quiet", &o->quiet },
	};
	const struct {
		const char *key;
		char *text;
		size_t size;
	} texts[] = {
		{ "replay", o->replay, sizeof(o->replay) },
		{ "allow", o->allow, sizeof(o->allow) },
		{ "text", o->text, sizeof(o->text) },
		{ "svg", o->svg, sizeof(o->svg) },
		{ "json", o->json, sizeof(o->json) },
	};
	unsigned long number = strtoul(value, NULL, 10);

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strcmp(key, flags[i].key) == 0) {
			*flags[i].flag = on(value);
			return true;
		}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(key, texts[i].key) == 0) {
			put(texts[i].text, texts[i].size, value);
			return true;
		}
	if (strcmp(key, "strategy") == 0)
		return strategy(value);
	if (strcmp(key, "spurious") == 0)
		return spurious(value);
	if (strcmp(key, "fail") == 0)
		return fail(value);
	if (strcmp(key, "time") == 0)
		o->slow = strcmp(value, "race") == 0;
	else if (strcmp(key, "show") == 0)
		o->output = strcmp(value, "output") == 0;
	else if (strcmp(key, "runs") == 0)
		o->runs = number;
	else if (strcmp(key, "seed") == 0)
		o->seed = number;
	else if (strcmp(key, "seeds") == 0)
		o->seeds = number;
	else if (strcmp(key, "one") == 0)
		o->one = (long)number;
	else if (strcmp(key, "jobs") == 0)
		o->jobs = (unsigned)number;
	else if (strcmp(key, "repeat") == 0)
		o->repeat = number;
	else if (strcmp(key, "faults") == 0)
		o->faults = number;
	else if (strcmp(key, "search") == 0)
		o->preemptions = (int)number;
	else if (strcmp(key, "steps") == 0)
		o->step_limit = (uint32_t)number;
	else if (strcmp(key, "limit") == 0)
		o->time_limit = (xp_time)number * 1000 * XP_MS;
	else if (strcmp(key, "width") == 0)
		o->width = (unsigned)number;
	else if (strcmp(key, "hang") == 0)
		o->hang = (unsigned)number;
	else
		return false;
	return true;
}

/*
 * words: KEY=VALUE, by blanks, a KEY alone being one that is on; "off" alone;
 * NULL: nothing asked for.
 */
bool
xp_options_read(const char *words)
{
	char copy[8192], *word, *rest = copy;

	if (words == NULL)
		return true;
	snprintf(copy, sizeof(copy), "%s", words);
	while ((word = strtok_r(rest, " \t\n", &rest)) != NULL) {
		char *value = strchr(word, '=');

		if (strcmp(word, "off") == 0) {
			xp_options.off = true;
			continue;
		}
		if (value != NULL)
			*value++ = '\0';
		if (!set(word, value != NULL ? value : "on")) {
			fprintf(stderr, "explore: EXPLORE has a word that "
				"means nothing: %s\n", word);
			return false;
		}
	}
	return true;
}
