/* render.h - the formats: each prints some results as one document */
/* SPDX-License-Identifier: MIT */
#ifndef RENDER_H
#define RENDER_H

#include "result.h"

#include <stdio.h>

struct batch {
	struct result *results;
	size_t count;			/* at least 1 */
	struct points points, max;	/* of all together */
	bool error;			/* in one of them: no points */
	const char *seconds;		/* a JSON number, or NULL */
};

void put_gradescope(FILE *out, const struct batch *batch);
void put_classroom(FILE *out, const struct batch *batch);
void put_autolab(FILE *out, const struct batch *batch);
void put_junit(FILE *out, const struct batch *batch);
void put_tap14(FILE *out, const struct batch *batch);
void put_checks(FILE *out, const struct batch *batch);	/* csv */
void put_rows(FILE *out, const struct batch *batch);
void put_rows_head(FILE *out);

/* "contract: a_check", "memory". */
void describe_name(FILE *out, const struct item *item);

/* In words, what happened to an item; lines end in newlines, the last not. */
void describe(FILE *out, const struct result *result, const struct item *item);

/* "1/3 of 1 point", "no points: error". */
void describe_points(FILE *out, const struct result *result,
	const struct item *item);

/* One line about the whole: points, or that there are none and why. */
void describe_total(FILE *out, const struct result *result);

/* Was it left out, and nothing lost by it? Then it is of no interest. */
bool left_out(const struct item *item);

#endif /* RENDER_H */
