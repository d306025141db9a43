/* show.c - how the dump says things */
/* SPDX-License-Identifier: MIT */
/*
 * Text is written to a stream, or for a debugger, which must not have to
 * rely on any lock or on the allocator, into memory that is there already.
 * A text that is longer than that memory is asked for again, from where the
 * last part ended: in a process that stands still it is the same text, as
 * all times in it are counted from one moment.
 *
 * Interface: show.h.
 *
 * Locks: none; numbers are given under a leaf.
 */
#include <inttypes.h>
#include <stdarg.h>

#include "show.h"

#define LINE_SIZE	256

static void
keep(struct tp_show *show, const char *line)
{
	for (; *line != '\0'; line++, show->said++) {
		if (show->said < show->skip)
			continue;
		if (show->said - show->skip < show->size)
			show->text[show->said - show->skip] = *line;
	}
}

/* Like printf. At most a line at once. */
void
tp_say(struct tp_show *show, const char *format, ...)
{
	char line[LINE_SIZE];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (show->stream != NULL)
		fputs(line, show->stream);
	else
		keep(show, line);
}

/* What a line is about. depth 1: it is part of something. */
void
tp_say_name(struct tp_show *show, unsigned depth, const char *name)
{
	tp_say(show, "%*s%-*s ", (int)(2 * depth), "",
		(int)(20 - 2 * depth), name);
}

/* How far away is it? */
void
tp_say_time(struct tp_show *show, tp_time when, bool absolute)
{
	tp_time ms = (when - (absolute ? show->wall : show->now)) / TP_MS;

	if (ms < 0)
		ms = 0;
	if (when == TP_FOREVER)
		tp_say(show, "never");
	else if (ms < 10000)
		tp_say(show, "in %" PRId64 " ms", ms);
	else
		tp_say(show, "in %" PRId64 " s", ms / 1000);
}

void
tp_show_name(const struct tp_show *show, char name[TP_NAME_SIZE],
	const char *kind, unsigned *number)
{
	tp_name(name, kind, show->stopped ? tp_number_stopped(kind, number) :
		tp_number(kind, number));
}

void
tp_show_label(const struct tp_show *show, char name[TP_NAME_SIZE],
	struct tp_label *label)
{
	tp_show_name(show, name, label->kind, &label->number);
}

void
tp_show_object_name(const struct tp_show *show, char name[TP_NAME_SIZE],
	struct tp_object *object)
{
	tp_show_name(show, name, object->ops->kind, &object->number);
}

void
tp_show_list(struct tp_show *show, struct tp_list *list,
	void (*visit)(struct tp_show *show, struct tp_list *node))
{
	unsigned count = 0;

	for (struct tp_list *node = list->next; node != list &&
	     count < TP_SHOW_MAX; node = node->next, count++)
		visit(show, node);
}

unsigned
tp_count(const struct tp_list *list)
{
	unsigned count = 0;

	for (struct tp_list *node = list->next; node != list &&
	     count < TP_SHOW_MAX; node = node->next)
		count++;
	return count;
}

/* Is it what was asked for, or one of them? */
bool
tp_is_asked_for(struct tp_show *show, const void *thing)
{
	bool asked = show->address == 0 ||
		show->address == (uintptr_t)thing;

	show->known |= asked;
	return asked;
}
