/* claims.c - the checks of predictions, CSV and claims */
/* SPDX-License-Identifier: MIT */
/*
 * Nothing is measured here. The predictions are compared with model.c,
 * which the real pool confirms in virtual time (suite.c). The CSV is asked
 * whether it is what clocks and timers can produce: no callback begins
 * earlier than on an ideal machine; how late it may be nobody can say. And
 * the figures are computed anew from its raw lines.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "suite.h"

#include "model.h"

#define HEADER "experiment,callback,set_ns,begin_ns,end_ns\n"

static struct record records[EXPERIMENTS];

/* ---- Predictions ---- */

/* As the same number, when written with four digits? */
static bool
same(double claimed, double computed)
{
	return fabs(claimed - computed) <= 0.005 * fabs(computed) + 0.05;
}

CHECK(the_predictions_are_those_of_an_ideal_machine)
{
	for (unsigned i = 0; i < EXPERIMENTS; i++) {
		const struct figures *p = &predicted[i];
		struct record ideal;
		struct figures figures;

		ideal_record(&experiments[i], &ideal);
		figures = figures_of(&experiments[i], &ideal);
		require(p->at_once > 0, "there is no prediction yet of "
			"experiment %u", i + 1);
		require(p->at_once == figures.at_once, "in experiment %u, "
			"%u callbacks run at once, and the prediction is %u",
			i + 1, figures.at_once, p->at_once);
		require(same(p->apart, figures.apart), "the prediction of "
			"how far apart callbacks begin is wrong in "
			"experiment %u", i + 1);
		require(same(p->late, figures.late), "the prediction of how "
			"late callback 12 begins is wrong in experiment %u",
			i + 1);
		require(p->missing == figures.missing, "in experiment %u, "
			"another number of periods than %u has passed "
			"without a callback", i + 1, p->missing);
	}
}

/* ---- The CSV ---- */

static void
read_row(FILE *file, unsigned experiment, unsigned callback)
{
	struct record *record = &records[experiment];
	struct span *span = &record->callbacks[callback];
	unsigned row = experiment * CALLBACKS + callback + 2, e = 0, c = 0;
	char line[200];
	int64_t set = 0;
	int end = 0;

	require(fgets(line, sizeof(line), file) != NULL, "the CSV ends "
		"before the last callback of the last experiment");
	sscanf(line, "%u,%u,%" SCNd64 ",%" SCNd64 ",%" SCNd64 "%n", &e, &c,
		&set, &span->begin, &span->end, &end);
	require(end > 0 && line[end] == '\n', "line %u of the CSV is not "
		"five whole numbers", row);
	require(e == experiment + 1 && c == callback + 1, "line %u of the "
		"CSV is not of experiment %u, callback %u", row,
		experiment + 1, callback + 1);
	require(callback == 0 || set == record->set, "line %u of the CSV "
		"does not say the same of when the timer was set as the line "
		"above it", row);
	record->set = set;
}

static void
read_csv(void)
{
	FILE *file = fopen("answer.csv", "r");
	char line[200];

	require(file != NULL, "there is no CSV beside the answer: the name of "
		"the answer, with csv in place of c");
	require(fgets(line, sizeof(line), file) != NULL &&
		strcmp(line, HEADER) == 0, "the first line of the CSV is not "
		"that which run.c writes");
	for (unsigned i = 0; i < EXPERIMENTS; i++)
		for (unsigned j = 0; j < CALLBACKS; j++)
			read_row(file, i, j);
	require(fgets(line, sizeof(line), file) == NULL,
		"the CSV has more lines than run.c writes");
	fclose(file);
}

CHECK(the_csv_holds_five_experiments)
{
	int64_t last = 0;

	read_csv();
	for (unsigned i = 0; i < EXPERIMENTS; i++) {
		const struct span *spans = records[i].callbacks;

		require(records[i].set >= last, "experiment %u begins before "
			"the one above it has ended", i + 1);
		for (unsigned j = 0; j < CALLBACKS; j++) {
			require(spans[j].end > spans[j].begin, "callback %u "
				"of experiment %u ends before it begins",
				j + 1, i + 1);
			require(j == 0 || spans[j].begin >= spans[j - 1].begin,
				"callback %u of experiment %u begins before "
				"the one above it", j + 1, i + 1);
			if (spans[j].end > last)
				last = spans[j].end;
		}
	}
}

static void
require_possible(unsigned i)
{
	const struct experiment *experiment = &experiments[i];
	const struct record *record = &records[i];
	struct record ideal;

	ideal_record(experiment, &ideal);
	for (unsigned j = 0; j < CALLBACKS; j++) {
		const struct span *span = &record->callbacks[j];

		require(span->end - span->begin >= experiment->length * MS,
			"callback %u of experiment %u took less than its "
			"length", j + 1, i + 1);
		require(span->begin - record->set >=
			ideal.callbacks[j].begin - 1000, "callback %u of "
			"experiment %u begins earlier than it can", j + 1,
			i + 1);
	}
	require(figures_of(experiment, record).at_once <=
		experiment->threads, "in experiment %u more callbacks ran at "
		"once than the pool has threads", i + 1);
}

CHECK(the_times_are_possible)
{
	read_csv();
	for (unsigned i = 0; i < EXPERIMENTS; i++)
		require_possible(i);
}

/* How many of 60 callbacks began so late, or took so long, as another? */
CHECK(the_times_are_not_invented)
{
	int64_t late[EXPERIMENTS * CALLBACKS], took[EXPERIMENTS * CALLBACKS];
	unsigned count = 0, twins = 0, doubles = 0, fine = 0;
	struct record ideal;

	read_csv();
	for (unsigned i = 0; i < EXPERIMENTS; i++) {
		ideal_record(&experiments[i], &ideal);
		for (unsigned j = 0; j < CALLBACKS; j++, count++) {
			const struct span *span = &records[i].callbacks[j];
			unsigned k = 0, l = 0;

			took[count] = span->end - span->begin -
				experiments[i].length * MS;
			late[count] = span->begin - records[i].set -
				ideal.callbacks[j].begin;
			while (k < count && took[k] != took[count])
				k++;
			while (l < count && late[l] != late[count])
				l++;
			doubles += k < count;
			twins += l < count;
			fine += took[count] % 10000 != 0 ||
				late[count] % 10000 != 0;
		}
	}
	require(2 * doubles < count, "%u of %u callbacks took as long as "
		"another, to the nanosecond", doubles, count);
	require(2 * twins < count, "%u of %u callbacks began as late as "
		"another, to the nanosecond", twins, count);
	require(2 * fine > count, "most times are whole multiples of ten "
		"microseconds");
}

/* ---- Claims ---- */

/* From the end of a callback to the begin of the next, on average. */
static double
pause_after_end(const struct record *record)
{
	double sum = 0;

	for (unsigned i = 1; i < CALLBACKS; i++)
		sum += (double)(record->callbacks[i].begin -
			record->callbacks[i - 1].end) / MS;
	return sum / (CALLBACKS - 1);
}

CHECK(the_figures_are_those_of_the_csv)
{
	read_csv();
	for (unsigned i = 0; i < EXPERIMENTS; i++) {
		const struct figures *m = &measured[i];
		struct figures figures =
			figures_of(&experiments[i], &records[i]);

		require(m->at_once == figures.at_once, "in the CSV, %u "
			"callbacks of experiment %u run at once, and the "
			"claim is %u", figures.at_once, i + 1, m->at_once);
		require(same(m->apart, figures.apart), "what is claimed of "
			"how far apart callbacks of experiment %u begin is "
			"not in the CSV%s", i + 1,
			same(m->apart, pause_after_end(&records[i])) ?
			": it is the time from an end to the next begin" : "");
		require(same(m->late, figures.late), "what is claimed of "
			"how late callback 12 of experiment %u begins is not "
			"in the CSV", i + 1);
		require(m->missing == figures.missing, "in the CSV, %u "
			"periods of experiment %u have passed without a "
			"callback, and the claim is %u", figures.missing,
			i + 1, m->missing);
	}
}

static void
require_explained(unsigned i)
{
	const struct experiment *experiment = &experiments[i];
	enum limit limit = BY_LENGTH;
	enum reason reason = ON_TIME;
	struct figures figures;
	struct record ideal;

	ideal_record(experiment, &ideal);
	figures = figures_of(experiment, &ideal);
	if (experiment->mode == AGAIN_AT_END)
		limit = BY_ITSELF;
	else if (experiment->threads * experiment->period <
	    experiment->length)
		limit = BY_THREADS;
	if (figures.late > 0)
		reason = experiment->mode == AGAIN_AT_END ? DRIFTS : QUEUES;
	require(conclusions.limit[i] != NO_LIMIT_YET &&
		conclusions.reason[i] != NO_REASON_YET,
		"there is no conclusion yet about experiment %u", i + 1);
	require(conclusions.limit[i] == limit, "the conclusion is wrong "
		"about what limits how many callbacks of experiment %u run "
		"at once", i + 1);
	require(conclusions.reason[i] == reason, "the conclusion is wrong "
		"about why callback 12 of experiment %u begins when it does",
		i + 1);
}

CHECK(the_conclusions_explain_it)
{
	for (unsigned i = 0; i < EXPERIMENTS; i++)
		require_explained(i);
	require(conclusions.start != NO_START_YET,
		"there is no conclusion yet about what a period starts from");
	require(conclusions.start == FROM_DUE_TIME, "if a period started from "
		"the %s", conclusions.start == FROM_END ? "end of a callback, "
		"those of experiment 2 would begin 70 ms apart" : "begin of a "
		"callback, their lateness would add up, and never shrink");
}
