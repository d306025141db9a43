/* result.h - the record of one grading, read from a result.tsv */
/* SPDX-License-Identifier: MIT */
/*
 * result.awk writes the file, and its head says what is in it. The reader is
 * strict: points that do not add up, or a line that is not as it should be,
 * are refused, since a gradebook must not be filled from half a file. Every
 * text is made fit to be shown as it is read: clean() of escape.h.
 */
#ifndef RESULT_H
#define RESULT_H

#include <stdbool.h>
#include <stddef.h>

/* A fraction in its lowest terms; bottom is above 0. */
struct points {
	long long top, bottom;
};

enum verdict { PASS, FAIL, TIMEOUT, SKIP, ERROR };

struct item {
	const char *stage, *name;
	enum verdict verdict;
	struct points points;		/* 0 of an error: see has_points */
	struct points max;
	bool hidden;			/* from the student */
	const char *schedules, *replay, *trace;	/* "-" if there are none */
	const char *promise, *reason, *hint, *resembles;	/* may be "" */
};

struct result {
	const char *file;		/* for messages */
	const char *student;		/* "" if nobody is named */
	const char *grader, *seeds;
	const char *exercise, *id, *title, *kind, *stars;
	struct item *items;
	size_t count;
	struct points points;		/* 0 if error */
	struct points max;
	bool error;			/* then there are no points */
	char *text;			/* what the fields point into */
};

/* Reads the file; complains in one sentence and returns false if it cannot. */
bool result_read(struct result *result, const char *file);
void result_free(struct result *result);

const char *verdict_word(enum verdict verdict);

/* Of an error in any item there are no points at all. */
const struct item *first_error(const struct result *result);
bool has_points(const struct result *result, const struct item *item);

/* False if the sum needs a denominator beyond all measure. */
bool points_add(struct points *sum, struct points more);
bool points_equal(struct points one, struct points other);
int points_compare(struct points one, struct points other);

/* "1 2/3", and the shortest decimal number that reads back as the same. */
struct number {
	char text[48];
};
struct number points_exact(struct points points);
struct number points_decimal(struct points points);

#endif /* RESULT_H */
