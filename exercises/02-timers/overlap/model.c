/* model.c - when callbacks begin, if nothing else takes time */
/* SPDX-License-Identifier: MIT */
/*
 * A periodic timer posts at every due time, whatever its callbacks do; a
 * post is taken by the thread that is free first. The suite has the real
 * pool confirm this in virtual time, to the nanosecond.
 *
 * Interface: ideal_record, figures_of (model.h).
 */
#include "model.h"

#define MOST_THREADS 16

static int64_t *
first_free(int64_t *free_at, unsigned threads)
{
	int64_t *first = free_at;

	for (unsigned i = 1; i < threads; i++)
		if (free_at[i] < *first)
			first = &free_at[i];
	return first;
}

void
ideal_record(const struct experiment *experiment, struct record *record)
{
	int64_t free_at[MOST_THREADS] = { 0 };
	int64_t due = 0;

	record->set = 0;
	for (unsigned i = 0; i < CALLBACKS; i++) {
		struct span *span = &record->callbacks[i];
		int64_t *thread = first_free(free_at, experiment->threads);

		due += experiment->period * MS;
		span->begin = due > *thread ? due : *thread;
		span->end = span->begin + experiment->length * MS;
		*thread = span->end;
		if (experiment->mode == AGAIN_AT_END)
			due = span->end;
	}
}

static unsigned
most_at_once(const struct span *spans)
{
	unsigned most = 0;

	for (unsigned i = 0; i < CALLBACKS; i++) {
		unsigned running = 0;

		for (unsigned j = 0; j < CALLBACKS; j++)
			running += spans[j].begin <= spans[i].begin &&
				spans[i].begin < spans[j].end;
		if (running > most)
			most = running;
	}
	return most;
}

struct figures
figures_of(const struct experiment *experiment, const struct record *record)
{
	const struct span *spans = record->callbacks;
	int64_t last = spans[CALLBACKS - 1].begin - record->set;
	int64_t period = experiment->period * MS;
	struct figures figures = {
		.at_once = most_at_once(spans),
		.apart = (double)(spans[CALLBACKS - 1].begin -
			spans[0].begin) / (CALLBACKS - 1) / MS,
		.late = (double)(last - CALLBACKS * period) / MS,
		.missing = (unsigned)((last + MS / 1000) / period) - CALLBACKS
	};

	return figures;
}
