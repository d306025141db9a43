/* timeline.c - one execution as an event trace */
/* SPDX-License-Identifier: MIT */
/*
 * trace=FILE writes what the program's notes say (explore_note) in Chrome's
 * trace event format, as the pool itself does with TP_TRACE: Perfetto and
 * chrome://tracing open it, and the book draws its timelines from it. A
 * program without that pool can so show what it does, and when:
 *
 *	begin NAME, end NAME	a bar on the thread's lane
 *	post NAME		a mark on it
 *
 * Other notes are left out. A thread's start and its end are marks as well.
 */
#include <stdio.h>
#include <string.h>

#include "inner.h"

static void
put(FILE *file, const struct xp_event *event, const char *phase,
	const char *category, const char *name)
{
	fprintf(file, ",\n{\"ph\":\"%s\",\"pid\":1,\"tid\":%u,\"ts\":%.1f,"
		"\"cat\":\"%s\",\"name\":\"%s\"%s}", phase,
		event->thread + 1u, (double)event->time / 1000, category,
		name, *phase == 'i' ? ",\"s\":\"t\"" : "");
}

/* The text after the word, if the note begins with it; or NULL. */
static const char *
after(const char *note, const char *word)
{
	size_t length = strlen(word);

	return strncmp(note, word, length) == 0 && note[length] == ' ' ?
		note + length + 1 : NULL;
}

static void
put_note(FILE *file, const struct xp_event *event, const char *note)
{
	if (after(note, "begin") != NULL)
		put(file, event, "B", "callback", after(note, "begin"));
	else if (after(note, "end") != NULL)
		put(file, event, "E", "callback", after(note, "end"));
	else if (after(note, "post") != NULL)
		put(file, event, "i", "post", note);
}

static void
put_names(FILE *file, const struct xp_record *record)
{
	for (unsigned i = 0; i < record->threads; i++) {
		fprintf(file, "%s{\"ph\":\"M\",\"pid\":1,\"tid\":%u,"
			"\"name\":\"thread_name\",\"args\":{\"name\":\"",
			i > 0 ? ",\n" : "[\n", i + 1);
		if (i == 0 || record->thread[i].name[0] != '\0')
			fprintf(file, "%s\"}}", record->thread[i].name);
		else
			fprintf(file, "thread %u\"}}", i + 1);
	}
}

/* See inner.h. */
void
xp_timeline(const struct xp_record *record, const char *name)
{
	FILE *file = fopen(name, "w");

	if (file == NULL) {
		perror(name);
		return;
	}
	put_names(file, record);
	for (uint32_t i = 0; i < record->steps && i < XP_STEPS; i++) {
		const struct xp_event *event = &record->events[i];

		if (event->kind == XP_NOTE)
			put_note(file, event, record->notes[event->data]);
		else if (event->kind == XP_START)
			put(file, event, "i", "thread", "born");
		else if (event->kind == XP_END)
			put(file, event, "i", "thread", "ends");
	}
	fputs("\n]\n", file);
	fclose(file);
}
