/* picture.h - what the four kinds of report share: names, places, rows */
/* SPDX-License-Identifier: MIT */
/*
 * A record speaks of addresses and numbers. A report speaks of main, of
 * queue.lock and of pool.c:45. In between:
 *
 *	symbols.c	functions and variables, from the program's ELF file
 *	spots.c		a return address: function, file, line, source text
 *	quote.c		what a line of C operates on: queue->lock
 *	names.c		names of threads, objects and memory
 *	words.c		a step in words, and words of kinds
 *	sentence.c	a wait, a finding, in sentences
 *	order.c		steps as rows, in the order of their effects
 *	picture.c	how it ended, and what is folded
 *	columns.c	these rows as text, a column per thread
 *	report.c svg.c json.c	the reports
 *
 * All of it runs in the driver, one report after the other: names and rows
 * are those of the finding that xp_picture_begin was called with. Texts are
 * made by xp_text and live until xp_picture_end.
 */
#ifndef PICTURE_H
#define PICTURE_H

#include <stdio.h>

#include "inner.h"

/* ---- Symbols (symbols.c) ---- */

struct xp_symbol {
	const char *name;
	uintptr_t address;
	size_t size;
};

void xp_symbols_open(const char *program);
/* The variable, or the function, that holds the address; else false. */
bool xp_symbol_data(uintptr_t address, struct xp_symbol *symbol);
bool xp_symbol_code(uintptr_t address, struct xp_symbol *symbol);

/* ---- Places in the source (spots.c) ---- */

struct xp_spot {
	const char *function;
	const char *path;		/* as the compiler knew it; or "" */
	const char *file;		/* its last part */
	unsigned line;			/* 0: unknown */
	const char *source;		/* that line, and those that close its
					   brackets, as one; or "" */
};

/* Looks up all frames of the record at once. */
void xp_spots_read(const char *program, const struct xp_record *record);
/* Of a call: the first that is not in a thin cover; NULL: unknown. */
const struct xp_spot *xp_spot(const uintptr_t frames[XP_FRAMES]);
/* The first of all, be it in a cover. */
const struct xp_spot *xp_spot_inner(const uintptr_t frames[XP_FRAMES]);
unsigned xp_spot_callers(const uintptr_t frames[XP_FRAMES],
	const struct xp_spot **callers, unsigned max);
bool xp_spot_is_cover(const uintptr_t frames[XP_FRAMES]);
const char *xp_say_spot(const struct xp_spot *spot);	/* "pool.c:45" */
/* Why there are no lines; NULL if there are. */
const char *xp_spots_trouble(void);

/* ---- What a line of C operates on (quote.c); NULL: cannot tell ---- */

const char *xp_quote_object(const char *statement, unsigned kind);
const char *xp_quote_memory(const char *statement, bool write);
const char *xp_quote_freed(const char *statement);

/* ---- Names (names.c) ---- */

void xp_names_begin(const struct xp_record *record);
const char *xp_say_thread(unsigned number);	/* from 0 */
/* As in a schedule: A is main. */
char xp_letter(unsigned thread);
const char *xp_say_object(unsigned number);	/* from 1 */
const char *xp_say_memory(uintptr_t address);
const char *xp_say_race_memory(const struct xp_record *record);

/* ---- Words (words.c) ---- */

const char *xp_text(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
void xp_text_free(void);
const char *xp_say_time(xp_time time);		/* "20 ms" */
const char *xp_say_step(const struct xp_record *record,
	const struct xp_event *event);
const char *xp_say_woken(const struct xp_event *event);
const char *xp_say_where(const struct xp_event *event);
/* "the mutex queue.lock"; number: from 1 */
const char *xp_the_object(const struct xp_record *record, unsigned number);
const char *xp_say_wait(const struct xp_record *record, unsigned thread);
const char *xp_say_group(const struct xp_record *record, unsigned first,
	bool place, uint32_t *said);
const char *xp_say_finding(const struct xp_finding *finding);
/* Threads that wait for each other in a circle, in words; or NULL. */
const char *xp_say_cycle(const struct xp_record *record);
const char *xp_kind_word(unsigned kind);
const char *xp_object_word(unsigned kind);
const char *xp_outcome_word(unsigned outcome);

/* ---- Rows (picture.c, order.c) ---- */

struct xp_row {
	const struct xp_event *event;	/* NULL: a fold, or how it ended */
	unsigned thread;
	uint32_t folded;		/* steps that this row stands for */
	bool everybody;			/* a fold of several threads' steps */
	bool last;			/* how it ended */
	bool forced;			/* the thread before could go on */
	int from;			/* the row that enabled it; or -1 */
	xp_time time;
	const char *text;
	const char *place;		/* or "" */
};

struct xp_picture {
	const struct xp_record *record;
	struct xp_row *rows;
	unsigned row_count;
	bool timed;			/* time moves */
	bool forced;			/* some row is */
	uint32_t seen;			/* threads with a row: a bit each */
	struct xp_event unfinished[XP_THREADS];	/* order.c */
};

/* Is it written down after it took effect? */
bool xp_is_late(const struct xp_event *event);
bool xp_rows_in_order(struct xp_picture *picture, uint32_t steps);

void xp_picture_begin(struct xp_picture *picture,
	const struct xp_finding *finding);
void xp_picture_end(struct xp_picture *picture);

/* Writes the rows as columns of text, at most so wide (columns.c). */
void xp_columns(FILE *out, const struct xp_picture *picture, unsigned width);

#endif /* PICTURE_H */
