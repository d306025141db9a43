/* picture.c - the interleaving as rows, some of them folded */
/* SPDX-License-Identifier: MIT */
/*
 * A row is a step (order.c): who, what, where, when. The last rows say how
 * it ended: where threads still wait, or what failed.
 *
 * Long executions are folded. What stays: the first and the last step of
 * each thread's turn, both ends of a hand-over, time-outs and notes, and
 * everything shortly before the end. If that is still too long, the middle
 * goes, as one row.
 */
#include <stdlib.h>
#include <string.h>

#include "picture.h"

#define ROWS_FREE	60	/* no folding below that, by default */
#define ROWS_END	12	/* before the end: never folded */
#define ROWS_HEAD	40	/* kept of what is too long, at either end */
#define ROWS_TAIL	80

/* Fills in what costs time, for the rows that are left. */
static void
add_words(struct xp_picture *picture)
{
	const struct xp_record *record = picture->record;

	for (unsigned i = 0; i < picture->row_count; i++) {
		struct xp_row *row = &picture->rows[i];

		if (row->event == NULL)
			continue;
		row->text = xp_say_step(record, row->event);
		row->place = xp_say_where(row->event);
	}
}

/* ---- How it ended ---- */

static void
add_end(struct xp_picture *picture, unsigned thread, const char *text,
	const uintptr_t frames[XP_FRAMES])
{
	picture->rows[picture->row_count++] = (struct xp_row){
		.thread = thread, .from = -1, .text = text, .last = true,
		.place = xp_say_spot(xp_spot(frames)),
		.time = picture->record->time,
	};
}

static const char *
waits(const struct xp_record *record, const struct xp_thread_note *note)
{
	switch (note->kind) {
	case XP_JOIN:
		return note->holder < 0 ? "waits" : xp_text("waits for %s",
			xp_say_thread((unsigned)note->holder));
	case XP_SLEEP:
		return xp_text("sleeps until %s",
			xp_say_time(note->deadline));
	default:
		return note->object == 0 ||
			note->object > record->objects ? "waits" :
			xp_text("waits for %s", xp_say_object(note->object));
	}
}

/* The access that raced may be the last step; if not, it gets a row. */
static void
add_race(struct xp_picture *picture)
{
	const struct xp_race_note *race = &picture->record->race;
	struct xp_row *last = picture->rows + picture->row_count - 1;
	const char *text = xp_text("%s %s", race->frees ? "free" :
		race->write[0] ? "write" : "read", xp_say_race_memory(
		picture->record));

	if (picture->row_count > 0 && last->event != NULL &&
		last->thread == race->thread[0] &&
		(last->event->kind == XP_ACCESS ||
		last->event->kind == XP_ATOMIC))
		last->text = xp_text("RACE: %s", last->text);
	else
		add_end(picture, race->thread[0], xp_text("RACE: %s", text),
			race->frames[0]);
}

static void
add_ends(struct xp_picture *picture)
{
	const struct xp_record *record = picture->record;
	unsigned culprit = record->culprit;

	switch (record->verdict) {
	case XP_DEADLOCK:
		for (unsigned i = 0; i < record->threads; i++)
			if (record->thread[i].lives)
				add_end(picture, i,
					waits(record, &record->thread[i]),
					record->thread[i].frames);
		break;
	case XP_RACE:
		add_race(picture);
		break;
	case XP_ASSERTION:
	case XP_MISUSE:
	case XP_CRASH:
		add_end(picture, culprit, xp_text("FAILS: %s",
			xp_verdict_word(record->verdict)), record->frames);
		break;
	default:
		break;
	}
}

/* ---- Folding ---- */

static bool
is_kept(const struct xp_picture *picture, const bool *enables, unsigned i)
{
	const struct xp_row *row = &picture->rows[i];
	unsigned n = picture->row_count;

	if (i + ROWS_END >= n || i == 0 || row->everybody ||
	    row[-1].thread != row->thread || row[1].thread != row->thread)
		return true;
	return row->event != NULL && (row->from >= 0 || enables[i] ||
		row->event->kind == XP_NOTE ||
		row->event->outcome != XP_READY);
}

/* Rows first to last become one; the numbers in from are set right. */
static void
fold(struct xp_picture *picture, unsigned first, unsigned last)
{
	struct xp_row *rows = picture->rows;
	unsigned gone = last - first;
	uint32_t steps = 0;
	struct xp_row row = { .thread = rows[first].thread, .from = -1,
		.time = rows[last].time, .place = "" };

	for (unsigned i = first; i <= last; i++) {
		steps += rows[i].event != NULL ? 1 : rows[i].folded;
		row.everybody = row.everybody || rows[i].everybody ||
			rows[i].thread != row.thread;
	}
	row.folded = steps;
	row.text = xp_text("... %u steps%s", (unsigned)steps,
		row.everybody ? " of several threads" : "");
	rows[first] = row;
	memmove(rows + first + 1, rows + last + 1,
		(picture->row_count - last - 1) * sizeof *rows);
	picture->row_count -= gone;
	for (unsigned i = first + 1; i < picture->row_count; i++) {
		if (rows[i].from > (int)last)
			rows[i].from -= (int)gone;
		else if (rows[i].from >= (int)first)
			rows[i].from = -1;
	}
}

static void
fold_turns(struct xp_picture *picture, bool *kept)
{
	bool *enables = calloc(picture->row_count, sizeof *enables);
	unsigned n = picture->row_count;

	if (enables == NULL)
		return;
	for (unsigned i = 0; i < n; i++)
		if (picture->rows[i].from >= 0)
			enables[picture->rows[i].from] = true;
	for (unsigned i = 0; i < n; i++)
		kept[i] = is_kept(picture, enables, i);
	free(enables);
	for (unsigned last = n; last-- > 0;) {	/* from behind: numbers stay */
		unsigned first = last;

		if (kept[last])
			continue;
		while (first > 0 && !kept[first - 1])
			first--;
		if (last > first + 1)
			fold(picture, first, last);
		last = first;
	}
}

static void
fold_long(struct xp_picture *picture, unsigned free_rows)
{
	unsigned n = picture->row_count;
	bool *kept;

	/* The middle first: folding is not made for tens of thousands. */
	if (n > 4 * (ROWS_HEAD + ROWS_TAIL)) {
		fold(picture, 2 * ROWS_HEAD, n - 2 * ROWS_TAIL - 1);
		n = picture->row_count;
	}
	kept = calloc(n, sizeof *kept);
	if (n > free_rows && kept != NULL)
		fold_turns(picture, kept);
	free(kept);
	n = picture->row_count;
	/* What never ends repeats itself. */
	if (picture->record->verdict == XP_LIVELOCK && n > 3 * ROWS_END)
		fold(picture, ROWS_END, n - 2 * ROWS_END - 1);
	else if (n > ROWS_HEAD + ROWS_TAIL)
		fold(picture, ROWS_HEAD, n - ROWS_TAIL - 1);
}

/* ---- Interface ---- */

/* Reads symbols and places, gives names, and makes the rows. */
void
xp_picture_begin(struct xp_picture *picture,
	const struct xp_finding *finding)
{
	const struct xp_record *record = finding->record;
	uint32_t steps = record->steps < XP_STEPS ? record->steps : XP_STEPS;

	xp_spots_read(finding->program, record);
	xp_names_begin(record);
	*picture = (struct xp_picture){ .record = record };
	picture->rows = calloc(steps + 2 * XP_THREADS + 2,
		sizeof *picture->rows);
	if (picture->rows == NULL || !xp_rows_in_order(picture, steps))
		return;
	fold_long(picture, finding->fold > 0 ? finding->fold : ROWS_FREE);
	add_words(picture);
	add_ends(picture);
	for (unsigned i = 0; i < picture->row_count; i++) {
		const struct xp_row *row = &picture->rows[i];

		picture->seen |= (uint32_t)1 << row->thread;
		picture->forced = picture->forced || row->forced;
		picture->timed = picture->timed || row->time != 0;
	}
}

void
xp_picture_end(struct xp_picture *picture)
{
	free(picture->rows);
	picture->rows = NULL;
	xp_text_free();
}
