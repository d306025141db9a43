/* model.c - when requests end, if nothing else takes time; and figures */
/* SPDX-License-Identifier: MIT */
/*
 * All requests take the same time, and a lane takes the oldest: so they end
 * in the order in which they were made. Request i is made when request
 * i - in_flight ends, and begins when request i - lanes has ended.
 */
#include <stdlib.h>
#include <string.h>

#include "model.h"

void
ideal_record(const struct experiment *experiment, struct record *record)
{
	struct entry *e = record->entries;

	memset(record, 0, sizeof(*record));
	record->count = experiment->requests;
	for (unsigned i = 0; i < experiment->requests; i++) {
		if (i >= experiment->in_flight)
			e[i].made = e[i - experiment->in_flight].ended;
		e[i].begun = e[i].made;
		if (i >= experiment->lanes &&
		    e[i - experiment->lanes].ended > e[i].begun)
			e[i].begun = e[i - experiment->lanes].ended;
		e[i].ended = e[i].begun + experiment->length * MS;
	}
}

unsigned
made_in_all(const struct experiment *experiment)
{
	unsigned made = 0, accepted = 0;

	while (accepted < experiment->requests) {
		made++;
		if (experiment->refuses == 0 ||
		    made % experiment->refuses != 0)
			accepted++;
	}
	return made;
}

static int
by_end(const void *one, const void *other)
{
	const struct entry *a = one, *b = other;

	if (a->ended != b->ended)
		return a->ended > b->ended ? 1 : -1;
	return (a->made > b->made) - (a->made < b->made);
}

/* How much of the time from..to the request was in flight. */
static double
overlap(const struct entry *entry, int64_t from, int64_t to)
{
	int64_t begin = entry->made > from ? entry->made : from;
	int64_t end = entry->ended < to ? entry->ended : to;

	return end > begin ? (double)(end - begin) : 0;
}

/* There are more requests than twice those in flight. */
struct figures
figures_of(const struct experiment *experiment, const struct record *record)
{
	struct entry sorted[MOST];
	unsigned count = 0, n = experiment->in_flight, within;
	struct figures figures = { 0, 0, 0, 0 };
	int64_t from, to;

	for (unsigned i = 0; i < record->count; i++)
		if (!record->entries[i].refused)
			sorted[count++] = record->entries[i];
	qsort(sorted, count, sizeof(*sorted), by_end);
	from = sorted[n - 1].ended;
	to = sorted[count - n - 1].ended;
	within = count - 2 * n;
	for (unsigned i = n; i < count - n; i++) {
		figures.time += (double)(sorted[i].ended - sorted[i].made);
		figures.queued += (double)(sorted[i].begun - sorted[i].made);
	}
	for (unsigned i = 0; i < count; i++)
		figures.in_flight += overlap(&sorted[i], from, to);
	figures.time /= within * (double)MS;
	figures.queued /= within * (double)MS;
	figures.in_flight /= (double)(to - from);
	figures.throughput = within * 1e9 / (double)(to - from);
	return figures;
}
