/* results.h - the results of a class, read from a batch's folder */
/* SPDX-License-Identifier: MIT */
#ifndef RESULTS_H
#define RESULTS_H

#include <stdbool.h>
#include <stddef.h>

/* Points are rational numbers; bottom is never 0. */
struct points {
	long top, bottom;
};

/* The fields of a line of result.tsv, see result.awk; none is NULL. */
enum {
	KIND_OF_LINE, STAGE, NAME, VERDICT, POINTS, MOST, VISIBILITY,
	SCHEDULES, REPLAY, TRACE, PROMISE, REASON, HINT, RESEMBLES, FIELDS
};

struct item {
	const char *field[FIELDS];
};

struct unit {
	const char *code;	/* of the student */
	const char *exercise;
	const char *what;	/* was handed in: see answer.c */
	const char *id, *title;
	bool graded;		/* false: an error, the grader's own */
	struct points points, most;
	struct item *items;
	size_t count;
};

struct student {
	const char *code, *name;
	struct unit *units;	/* as many as there are exercises */
};

struct note {
	const char *code, *text;	/* code: "-" for the class */
};

struct class {
	const char *folder;
	struct student *students;
	size_t student_count;
	const char **exercises;
	size_t exercise_count;
	struct note *notes;
	size_t note_count;
};

/* Reads FOLDER/plan.tsv and all results; ends the program if it cannot. */
void results_read(struct class *class, const char *folder);

/* What all exercises are worth together. */
struct points results_most(const struct class *class);

/* Adds up a student's points; false if one of them is an error. */
bool results_total(const struct class *class, const struct student *student,
	struct points *total);

struct points points_add(struct points a, struct points b);

/* "1 2/3" or, for a spreadsheet, "1.6667"; into one of a few buffers. */
const char *points_text(struct points points);
const char *points_decimal(struct points points);

/* The same exercise of another student that has been read, or NULL. */
const struct unit *results_example(const struct class *class, size_t exercise);

/* Neither: it was not run, or there was an error. */
bool item_passed(const struct item *item);
bool item_failed(const struct item *item);

/* Does it earn points? The stages before the checks do not. */
bool item_counts(const struct item *item);

#endif /* RESULTS_H */
