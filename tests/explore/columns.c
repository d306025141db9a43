/* columns.c - the interleaving as text, a column per thread */
/* SPDX-License-Identifier: MIT */
/*
 * One step a line, each in the column of its thread, the place at the right:
 *
 *	  main             thread 2
 *	  create thread 2                                  queue.c:40
 *	                   lock queue.lock                 queue.c:17
 *	> lock queue.lock                                  queue.c:44
 *
 * Since a line has only one cell, columns may overlap: when the widest cells
 * do not fit side by side, columns move closer together until each cell ends
 * before the places do begin, and what is still too long is broken. Names
 * that do not fit over their columns become letters, explained in a legend.
 *
 * A time stands where time has moved. ">" marks a forced switch: the thread
 * of the line before could have gone on.
 */
#include <string.h>

#include "picture.h"

#define GAP		2	/* blanks between columns */
#define STEP_MIN	4	/* from one column to the next */

struct layout {
	unsigned time;			/* width of the column of times */
	unsigned place;			/* the same of places */
	unsigned cells;			/* of all columns of threads */
	unsigned widest[XP_THREADS];	/* the longest cell */
	unsigned at[XP_THREADS];	/* begin of a thread's column */
	bool letters;			/* instead of names */
};

static unsigned
length(const char *text)
{
	return (unsigned)strlen(text);
}

static unsigned
larger(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* ---- Layout ---- */

static bool
is_seen(const struct xp_picture *picture, unsigned thread)
{
	return picture->seen >> thread & 1;
}

/* How wide all columns are, side by side; sets where each begins. */
static unsigned
side_by_side(const struct xp_picture *picture, struct layout *layout)
{
	unsigned at = 0;

	for (unsigned t = 0; t < XP_THREADS; t++) {
		if (!is_seen(picture, t))
			continue;
		layout->at[t] = at;
		at += GAP + larger(layout->widest[t],
			length(xp_say_thread(t)));
	}
	return at > GAP ? at - GAP : 0;
}

/* Columns that overlap: as far apart as the longest cells allow. */
static void
overlapping(const struct xp_picture *picture, struct layout *layout)
{
	unsigned n = 0, step = layout->cells;

	for (unsigned t = 0; t < XP_THREADS; t++) {
		unsigned room;

		if (!is_seen(picture, t))
			continue;
		room = layout->cells > layout->widest[t] ?
			layout->cells - layout->widest[t] : 0;
		if (n > 0 && room / n < step)
			step = room / n;
		n++;
	}
	step = larger(step, STEP_MIN);
	n = 0;
	for (unsigned t = 0; t < XP_THREADS; t++) {
		if (!is_seen(picture, t))
			continue;
		if (n > 0 && length(xp_say_thread(t)) + GAP > step)
			layout->letters = true;
		layout->at[t] = n++ * step;
	}
	if (length(xp_say_thread(0)) + GAP > step)
		layout->letters = true;
}

static void
lay_out(const struct xp_picture *picture, struct layout *layout,
	unsigned width)
{
	unsigned rest;

	*layout = (struct layout){ .time = 0 };
	for (unsigned i = 0; i < picture->row_count; i++) {
		const struct xp_row *row = &picture->rows[i];
		unsigned *widest = &layout->widest[row->thread];

		*widest = larger(*widest, length(row->text));
		layout->place = larger(layout->place, length(row->place));
		if (picture->timed)
			layout->time = larger(layout->time, GAP +
				length(xp_say_time(row->time)));
	}
	rest = GAP + layout->time + GAP + layout->place;
	layout->cells = side_by_side(picture, layout);
	if (rest + layout->cells > width) {
		layout->cells = width > rest + 20 ? width - rest : 20;
		overlapping(picture, layout);
	}
}

/* ---- Lines ---- */

/* How much of the text goes on this line: whole words, if possible. */
static unsigned
part_of(const char *text, unsigned room)
{
	unsigned n = length(text), cut;

	if (n <= room)
		return n;
	for (cut = room; cut > 0 && text[cut] != ' '; cut--)
		;
	return cut > room / 3 ? cut : room;
}

static void
print_row(FILE *out, const struct layout *layout, const struct xp_row *row,
	const char *time)
{
	unsigned at = row->everybody ? 0 : layout->at[row->thread];
	unsigned room = larger(layout->cells > at ? layout->cells - at : 0,
		STEP_MIN), n = part_of(row->text, room);
	const char *text = row->text;

	fprintf(out, "%c %-*s%*s%.*s", row->forced ? '>' : ' ',
		(int)layout->time, time, (int)at, "", (int)n, text);
	if (*row->place != '\0')
		fprintf(out, "%*s%s", (int)(layout->cells > at + n ?
			layout->cells - at - n : 0) + GAP, "", row->place);
	fputc('\n', out);
	while (text[n] != '\0') {
		text += n + (text[n] == ' ');
		n = part_of(text, larger(room, 3) - GAP);
		fprintf(out, "%*s%.*s\n", (int)(GAP + layout->time + at +
			GAP), "", (int)n, text);
	}
}

static void
print_heads(FILE *out, const struct xp_picture *picture,
	const struct layout *layout)
{
	unsigned at = 0;

	fprintf(out, "%*s", (int)(GAP + layout->time), "");
	for (unsigned t = 0; t < XP_THREADS; t++) {
		const char *head;

		if (!is_seen(picture, t))
			continue;
		head = layout->letters ? xp_text("%c", xp_letter(t)) :
			xp_say_thread(t);
		fprintf(out, "%*s%s", (int)(layout->at[t] - at), "", head);
		at = layout->at[t] + length(head);
	}
	fputc('\n', out);
}

static void
print_legend(FILE *out, const struct xp_picture *picture,
	const struct layout *layout, unsigned width)
{
	unsigned used = 0;

	for (unsigned t = 0; t < XP_THREADS && layout->letters; t++) {
		const char *name = xp_text("  %c = %s", xp_letter(t),
			xp_say_thread(t));

		if (!is_seen(picture, t))
			continue;
		if (used > 0 && used + length(name) > width) {
			fputc('\n', out);
			used = 0;
		}
		fputs(name, out);
		used += length(name);
	}
	if (used > 0)
		fputs("\n\n", out);
}

/* See picture.h. */
void
xp_columns(FILE *out, const struct xp_picture *picture, unsigned width)
{
	struct layout layout;
	xp_time shown = -1;

	if (picture->rows == NULL || picture->row_count == 0)
		return;
	lay_out(picture, &layout, width);
	print_legend(out, picture, &layout, width);
	print_heads(out, picture, &layout);
	for (unsigned i = 0; i < picture->row_count; i++) {
		const struct xp_row *row = &picture->rows[i];

		print_row(out, &layout, row, picture->timed &&
			row->time != shown ? xp_say_time(row->time) : "");
		shown = row->time;
	}
	if (picture->forced)
		fputs("\n> a forced switch: the thread before could have "
			"gone on\n", out);
}
