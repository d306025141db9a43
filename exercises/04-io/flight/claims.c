/* claims.c - the checks of predictions, CSV and claims */
/* SPDX-License-Identifier: MIT */
/*
 * Nothing is measured here. The predictions are compared with model.c, which
 * suite.c confirms in virtual time. The CSV is asked whether it can be what
 * the device and a clock have produced; how much later than on an ideal
 * machine things happen nobody can say. The figures are computed anew from
 * its lines, and so is whether they obey Little's law.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

#include "model.h"

#define HEADER "experiment,number,refused,made,begun,ended\n"
#define ALL (EXPERIMENTS * MOST)

static struct record records[EXPERIMENTS];

/* As the same number, when written with three digits? */
static bool
same(double claimed, double computed)
{
	return fabs(claimed - computed) <= 0.01 * fabs(computed) + 0.05;
}

/* ---- Predictions ---- */

CHECK(the_predictions_are_those_of_an_ideal_machine)
{
	for (unsigned i = 0; i < EXPERIMENTS; i++) {
		const struct figures *p = &predicted[i];
		struct record ideal;
		struct figures f;

		ideal_record(&experiments[i], &ideal);
		f = figures_of(&experiments[i], &ideal);
		require(p->throughput > 0, "there is no prediction yet of "
			"experiment %u", i + 1);
		require(same(p->throughput, f.throughput), "the prediction of "
			"the throughput is wrong in experiment %u", i + 1);
		require(same(p->time, f.time), "the prediction of how long a "
			"request takes is wrong in experiment %u", i + 1);
		require(same(p->queued, f.queued), "the prediction of how long "
			"a request waits for the device is wrong in "
			"experiment %u", i + 1);
		require(same(p->in_flight, f.in_flight), "the prediction of "
			"how many requests are in flight is wrong in "
			"experiment %u", i + 1);
	}
}

/* ---- The CSV ---- */

static void
read_row(FILE *file, unsigned experiment, unsigned number, unsigned row)
{
	struct entry *entry = &records[experiment].entries[number];
	unsigned e = 0, n = 0, refused = 0;
	char line[200];
	int end = 0;

	require(fgets(line, sizeof(line), file) != NULL, "the CSV ends "
		"before the last request of the last experiment");
	sscanf(line, "%u,%u,%u,%" SCNd64 ",%" SCNd64 ",%" SCNd64 "%n", &e, &n,
		&refused, &entry->made, &entry->begun, &entry->ended, &end);
	require(end > 0 && line[end] == '\n', "line %u of the CSV is not "
		"six whole numbers", row);
	require(e == experiment + 1 && n == number + 1, "line %u of the "
		"CSV is not of experiment %u, request %u", row,
		experiment + 1, number + 1);
	entry->refused = refused != 0;
}

static void
read_csv(void)
{
	FILE *file = fopen("answer.csv", "r");
	unsigned row = 2;
	char line[200];

	require(file != NULL, "there is no CSV beside the answer: the name of "
		"the answer, with csv in place of c");
	require(fgets(line, sizeof(line), file) != NULL &&
		strcmp(line, HEADER) == 0, "the first line of the CSV is not "
		"that which run.c writes");
	for (unsigned i = 0; i < EXPERIMENTS; i++) {
		records[i].count = made_in_all(&experiments[i]);
		for (unsigned j = 0; j < records[i].count; j++)
			read_row(file, i, j, row++);
	}
	require(fgets(line, sizeof(line), file) == NULL,
		"the CSV has more lines than run.c writes");
	fclose(file);
}

CHECK(the_csv_holds_the_experiments)
{
	read_csv();
	for (unsigned i = 0; i < EXPERIMENTS; i++) {
		const struct entry *entries = records[i].entries;
		unsigned accepted = 0;

		for (unsigned j = 0; j < records[i].count; j++) {
			accepted += !entries[j].refused;
			require(j == 0 || entries[j].made >=
				entries[j - 1].made, "request %u of "
				"experiment %u was made before the one above "
				"it", j + 1, i + 1);
		}
		require(accepted == experiments[i].requests, "in the CSV, %u "
			"requests of experiment %u were accepted, and there "
			"are to be %u", accepted, i + 1,
			experiments[i].requests);
	}
}

static int
ascending(const void *first, const void *second)
{
	int64_t a = *(const int64_t *)first, b = *(const int64_t *)second;

	return (a > b) - (a < b);
}

/* In time[i] nothing may happen before time[i - places] is over. */
static bool
finds_room(const int64_t *begins, int64_t *ends, unsigned count,
	unsigned places)
{
	qsort(ends, count, sizeof(*ends), ascending);
	for (unsigned i = places; i < count; i++)
		if (begins[i] < ends[i - places])
			return false;
	return true;
}

static void
require_possible(unsigned i)
{
	int64_t made[MOST], begun[MOST], freed[MOST], ended[MOST];
	unsigned count = 0;

	for (unsigned j = 0; j < records[i].count; j++) {
		const struct entry *entry = &records[i].entries[j];

		require(entry->begun >= entry->made && entry->ended >=
			entry->begun, "request %u of experiment %u begins "
			"before it is made, or ends before it begins", j + 1,
			i + 1);
		if (entry->refused)
			continue;
		require(entry->ended - entry->begun >= experiments[i].length *
			MS, "request %u of experiment %u takes less time "
			"than the device needs", j + 1, i + 1);
		made[count] = entry->made;
		begun[count] = entry->begun;
		freed[count] = entry->begun + experiments[i].length * MS;
		ended[count++] = entry->ended;
	}
	qsort(begun, count, sizeof(*begun), ascending);
	require(finds_room(made, ended, count, experiments[i].in_flight),
		"more requests of experiment %u are in flight than it says",
		i + 1);
	require(finds_room(begun, freed, count, experiments[i].lanes),
		"the device does more requests of experiment %u at once than "
		"it has lanes", i + 1);
}

CHECK(the_times_are_possible)
{
	read_csv();
	for (unsigned i = 0; i < EXPERIMENTS; i++)
		require_possible(i);
}

/* How many of the times differ from all others? */
static unsigned
different(int64_t *times, unsigned count)
{
	unsigned found = 0;

	qsort(times, count, sizeof(*times), ascending);
	for (unsigned i = 0; i < count; i++)
		found += i == 0 || times[i] != times[i - 1];
	return found;
}

CHECK(the_times_are_not_invented)
{
	static int64_t took[ALL], made[ALL];
	unsigned count = 0, fine = 0;

	read_csv();
	for (unsigned i = 0; i < EXPERIMENTS; i++)
		for (unsigned j = experiments[i].in_flight;
		    j < records[i].count; j++) {
			const struct entry *entry = &records[i].entries[j];

			if (entry->refused)
				continue;
			took[count] = entry->ended - entry->begun;
			made[count++] = entry->made;
			fine += entry->ended % 10000 != 0;
		}
	require(different(took, count) > count / 2, "most requests take as "
		"long as another, to the nanosecond");
	require(different(made, count) > count / 2, "most requests are made "
		"at the same time as another, to the nanosecond");
	require(2 * fine > count, "most times are whole multiples of ten "
		"microseconds");
}

/* ---- Claims ---- */

static void
require_figures(unsigned i)
{
	struct figures f = figures_of(&experiments[i], &records[i]);
	const struct figures *m = &measured[i];
	double product = f.throughput * f.time / 1000;
	bool holds = fabs(f.in_flight - product) <= 0.1 * f.in_flight;

	require(same(m->throughput, f.throughput), "the throughput that is "
		"claimed of experiment %u is not in the CSV", i + 1);
	require(same(m->time, f.time), "how long requests of experiment %u "
		"are claimed to take is not in the CSV%s", i + 1,
		same(m->time, f.time - f.queued) ?
		": it is the time without that in the queue" : "");
	require(same(m->queued, f.queued), "how long requests of experiment "
		"%u are claimed to wait for the device is not in the CSV",
		i + 1);
	require(same(m->in_flight, f.in_flight), "how many requests of "
		"experiment %u are claimed to be in flight is not in the CSV",
		i + 1);
	require(law_holds[i] == holds, "in experiment %u of the CSV, "
		"throughput times time is%s within a tenth of what is in "
		"flight, and the claim is that it is%s", i + 1, holds ? "" :
		" not", holds ? " not" : "");
}

CHECK(the_figures_are_those_of_the_csv)
{
	read_csv();
	for (unsigned i = 0; i < EXPERIMENTS; i++)
		require_figures(i);
}

CHECK(the_conclusions_explain_it)
{
	for (unsigned i = 0; i < EXPERIMENTS; i++) {
		enum limit limit = experiments[i].in_flight <
			experiments[i].lanes ? BY_REQUESTS : BY_LANES;

		require(conclusions.limit[i] != NO_LIMIT_YET, "there is no "
			"conclusion yet about experiment %u", i + 1);
		require(conclusions.limit[i] == limit, "the conclusion is "
			"wrong about what limits the throughput of experiment "
			"%u", i + 1);
	}
	require(conclusions.enough == experiments[0].lanes, "the conclusion "
		"is wrong about how many requests in flight are enough");
	require(conclusions.up_to_it == MORE_THROUGHPUT &&
		conclusions.beyond_it == MORE_WAITING, "the conclusion is "
		"wrong about what more requests in flight do, up to that "
		"number and beyond it");
}
