/* sequence.c - schedules as lists of choices, and as text */
/* SPDX-License-Identifier: MIT */
/*
 * A schedule is written as letters and numbers: A5B3A2 means that main (A)
 * makes five steps, then the thread that was made first (B) three, then
 * main two. !C after a step says that it woke C where it could have woken
 * another one. Whatever comes after the last letter follows by itself: a
 * thread runs as long as it can. A + before all of it says that the steps
 * are those of a fine execution (xp_pause). - is the schedule in which all of
 * it follows by itself.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef";

bool
xp_is_preemption(const struct xp_event *event)
{
	return event->thread != event->before &&
		(event->ready >> event->before & 1) != 0;
}

static uint32_t
kept(const struct xp_record *record)
{
	return record->steps < XP_STEPS ? record->steps : XP_STEPS;
}

unsigned
xp_preemptions(const struct xp_record *record)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < kept(record); i++)
		n += xp_is_preemption(&record->events[i]);
	return n;
}

struct xp_choice *
xp_choices_of(const struct xp_record *record, uint32_t *count)
{
	struct xp_choice *choices = calloc(kept(record) + 1u,
		sizeof(*choices));

	if (choices == NULL)
		exit(3);
	*count = kept(record);
	for (uint32_t i = 0; i < *count; i++) {
		const struct xp_event *event = &record->events[i];

		choices[i].thread = event->thread;
		if ((event->waiters & (event->waiters - 1)) != 0)
			choices[i].woke = event->woke;
	}
	return choices;
}

char *
xp_choices_write(const struct xp_choice *choices, uint32_t count)
{
	char *text = malloc((size_t)count * 8 + 2), *end = text;

	if (text == NULL)
		exit(3);
	for (uint32_t i = 0, run = 1; i < count; i++, run++) {
		bool last = i + 1 == count ||
			choices[i + 1].thread != choices[i].thread;

		if (!last && choices[i].woke == 0)
			continue;
		end += sprintf(end, "%c%u", letters[choices[i].thread], run);
		if (choices[i].woke != 0)
			end += sprintf(end, "!%c",
				letters[choices[i].woke - 1]);
		run = 0;
	}
	strcpy(end, count == 0 ? "-" : "");
	return text;
}

/* The thread of a letter, or -1. */
static int
thread_of(char letter)
{
	for (int i = 0; letters[i] != '\0'; i++)
		if (letters[i] == letter)
			return i;
	return -1;
}

/* NULL: the text is not a schedule. */
struct xp_choice *
xp_choices_read(const char *text, uint32_t *count)
{
	struct xp_choice *choices = calloc(XP_STEPS, sizeof(*choices));

	if (choices == NULL)
		exit(3);
	*count = 0;
	if (strcmp(text, "-") == 0)
		return choices;
	while (*text != '\0') {
		int thread = thread_of(*text++);
		char *end;
		unsigned long run = strtoul(text, &end, 10);

		if (thread < 0 || end == text || run == 0 ||
		    run > XP_STEPS - *count)
			goto wrong;
		while (run-- > 0)
			choices[(*count)++].thread = (uint8_t)thread;
		text = end;
		if (*text != '!')
			continue;
		thread = thread_of(text[1]);
		if (thread < 0)
			goto wrong;
		choices[*count - 1].woke = (uint8_t)(thread + 1);
		text += 2;
	}
	return choices;
wrong:
	free(choices);
	return NULL;
}
