/* claims.c - the checks of "Find the task that is worth a pool": the CSV */
/* SPDX-License-Identifier: MIT */
/*
 * Nothing is measured here. The CSV is asked whether it is what the plan
 * promises and what clocks and processors can produce; and the claims are
 * computed anew from its raw lines.
 *
 * What is asked of the numbers must hold for every honest measurement, on a
 * busy machine too: so the bounds are wide, and an invention that keeps
 * within them is not found.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

#include "measure.h"
#include "table.h"

static struct table table;

/* ---- The plan ---- */

CHECK(the_csv_holds_what_was_planned)
{
	table_read(&table);
	require(table.warm_up == plan.warm_up, table.warm_up ?
		"the CSV has a round 0, and the plan has none" :
		"the plan has a round 0, and the CSV has none");
	require(table.rounds == plan.rounds, "the plan has %u rounds, the CSV "
		"%u", plan.rounds, table.rounds);
	for (unsigned i = 0; i < table.count; i++) {
		const struct row *row = &table.rows[i];

		require(row->tasks == plan.tasks, "line %u of the CSV is of "
			"%u tasks, and the plan says %u", i + 2, row->tasks,
			plan.tasks);
		require(i == 0 || row->span.begin >= row[-1].span.end,
			"line %u of the CSV begins before the line above it "
			"ends", i + 2);
	}
}

CHECK(the_first_round_is_a_warm_up)
{
	table_read(&table);
	require(table.warm_up, "there is no round 0: the first measurements "
		"count, when nothing has run before");
}

CHECK(there_are_enough_rounds)
{
	table_read(&table);
	require(table.rounds >= 5, "each batch was measured %u times%s",
		table.rounds, table.warm_up ? ", not counting round 0" : "");
	require(table.rounds % 2 == 1, "the number of rounds is even: %u",
		table.rounds);
	require(plan.length_count >= 5, "there are %u lengths",
		plan.length_count);
	require(plan.lengths[plan.length_count - 1] / 100 >= plan.lengths[0],
		"the longest task is not a hundred times as long as the "
		"shortest");
}

/* ---- Inventions ---- */

static int
ascending(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;

	return (a > b) - (a < b);
}

/* The durations of a cell's batches in ns, ascending; gives their number. */
static unsigned
durations(const struct cell *cell, double sorted[MOST_ROUNDS])
{
	for (unsigned i = 0; i < cell->rounds; i++)
		sorted[i] = (double)(int64_t)(cell->times[i] * plan.tasks +
			0.5);
	qsort(sorted, cell->rounds, sizeof(*sorted), ascending);
	return cell->rounds;
}

/* Did the rounds take the same time, or times at equal distances? */
static bool
constant(const struct cell *cell)
{
	double d[MOST_ROUNDS];
	unsigned n = durations(cell, d);

	return n >= 2 && d[0] == d[n - 1];
}

static bool
evenly_spaced(const struct cell *cell)
{
	double d[MOST_ROUNDS];
	unsigned n = durations(cell, d), uneven = 0;

	for (unsigned i = 2; i < n; i++)
		uneven += fabs(d[i] - 2 * d[i - 1] + d[i - 2]) > 2;
	return n >= 4 && uneven == 0;
}

/* Do the times of both lie in their ranges in the same way? */
static bool
same_pattern(const struct cell *one, const struct cell *other)
{
	double a[MOST_ROUNDS], b[MOST_ROUNDS], range_a, range_b, tolerance;
	unsigned n = durations(one, a);

	durations(other, b);
	range_a = a[n - 1] - a[0];
	range_b = b[n - 1] - b[0];
	if (one == other || n < 5 || range_a < 1000 || range_b < 1000)
		return false;	/* might be chance */
	tolerance = 0.001 + 1 / range_a + 1 / range_b;
	for (unsigned i = 1; i < n - 1; i++)
		if (fabs((a[i] - a[0]) / range_a - (b[i] - b[0]) / range_b) >
		    tolerance)
			return false;
	return true;
}

static struct cell *
cell_at(unsigned place)
{
	return &table.cells[place / plan.length_count]
		[place % plan.length_count];
}

/* One such batch may be chance, or a coarse clock; half of them are not. */
static void
require_natural_times(void)
{
	unsigned batches = plan.thread_count * plan.length_count;
	unsigned constants = 0, even = 0, twins = 0;

	for (unsigned i = 0; i < batches; i++) {
		unsigned j = 0;

		constants += constant(cell_at(i));
		even += evenly_spaced(cell_at(i));
		while (j < batches && !same_pattern(cell_at(i), cell_at(j)))
			j++;
		twins += j < batches;
	}
	require(2 * constants < batches, "in %u of %u batches all rounds took "
		"the same time, to the nanosecond", constants, batches);
	require(2 * even < batches, "in %u of %u batches the times of the "
		"rounds are evenly spaced", even, batches);
	require(2 * twins < batches, "%u of %u batches have the same pattern "
		"of times as another, on another scale", twins, batches);
}

static int64_t
pause_before(unsigned row)
{
	return table.rows[row].span.begin - table.rows[row - 1].span.end;
}

/* No clock that counts less than ten microseconds shows such times. */
static void
require_fine_clock(void)
{
	unsigned fine = 0, pauses = 0;

	for (unsigned i = 0; i < table.count; i++) {
		const struct span *span = &table.rows[i].span;

		fine += (span->end - span->begin) % 10000 != 0;
		pauses += i >= 2 && pause_before(i) != pause_before(i - 1);
	}
	require(fine > 0, "all times are whole multiples of ten microseconds");
	require(pauses > 0 || table.count < 3,
		"the pauses between the batches are all the same");
}

CHECK(the_repetitions_are_not_invented)
{
	table_read(&table);
	require(table.rounds > 0, "the CSV has no round that counts");
	require_natural_times();
	require_fine_clock();
}

/*
 * The least time for a task of the length at this place, by one thread: the
 * lowest per turn that was seen there, or at one of two places below it or
 * any above. On a busy machine one length may be slow in every round.
 */
static double
least_time(unsigned place)
{
	unsigned j = place > 2 ? place - 2 : 0;
	double turn, least = 0;

	for (; j < plan.length_count; j++) {
		turn = table.cells[0][j].figure.lowest / plan.lengths[j];
		if (least <= 0 || turn < least)
			least = turn;
	}
	return least * plan.lengths[place];
}

/* A task ten times as long may be disturbed less, but not so much less. */
static void
require_possible_loop(unsigned j)
{
	double lowest = table.cells[0][j].figure.lowest;

	require(lowest > 0.1 * plan.lengths[j], "a task of length %u takes "
		"less than a tenth of a nanosecond a turn", plan.lengths[j]);
	for (unsigned i = 0; plan.lengths[i] <= plan.lengths[j] / 10; i++)
		require(lowest > table.cells[0][i].figure.lowest, "in a plain "
			"loop, tasks of length %u take no longer than those "
			"of length %u", plan.lengths[j], plan.lengths[i]);
}

static void
require_possible_pool(unsigned i, unsigned j)
{
	double lowest = table.cells[i][j].figure.lowest;

	require(lowest * plan.threads[i] * 1.5 > least_time(j), "a pool of %u "
		"threads is far more than %u times as fast as a plain loop, "
		"at length %u", plan.threads[i], plan.threads[i],
		plan.lengths[j]);
}

CHECK(the_times_are_possible)
{
	table_read(&table);
	require(table.rounds > 0, "the CSV has no round that counts");
	for (unsigned j = 0; j < plan.length_count; j++) {
		require_possible_loop(j);
		for (unsigned i = 1; i < plan.thread_count; i++)
			require_possible_pool(i, j);
	}
}

/* ---- Claims ---- */

/* As the same number, when written with four digits? */
static bool
same(double claimed, double computed)
{
	return fabs(claimed - computed) <= 0.005 * computed + 0.05;
}

static double
median_with_warm_up(const struct cell *cell)
{
	double sorted[MOST_ROUNDS + 1];
	unsigned n = cell->rounds;

	memcpy(sorted, cell->times, n * sizeof(*sorted));
	sorted[n++] = cell->warm_up;
	qsort(sorted, n, sizeof(*sorted), ascending);
	return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

/* What may have been taken for the median? */
static const char *
mistaken_for_median(const struct cell *cell, double claimed)
{
	if (same(claimed, cell->mean))
		return ": it is their mean";
	if (same(claimed, cell->figure.lowest))
		return ": it is the lowest";
	if (table.warm_up && same(claimed, median_with_warm_up(cell)))
		return ": it counts round 0";
	if (same(claimed, cell->times[0]))
		return ": it is that of round 1 alone";
	return "";
}

static void
require_figure(unsigned i, unsigned j)
{
	const struct cell *cell = &table.cells[i][j];
	const struct figure *claimed = &claims.figures[i][j];
	const struct figure *computed = &cell->figure;

	require(same(claimed->median, computed->median), "the median claimed "
		"for threads = %u, length = %u is not that of rounds 1 to "
		"%u%s", plan.threads[i], plan.lengths[j], table.rounds,
		mistaken_for_median(cell, claimed->median));
	require(same(claimed->lowest, computed->lowest) &&
		same(claimed->highest, computed->highest), "the spread "
		"claimed for threads = %u, length = %u is not that of rounds "
		"1 to %u%s", plan.threads[i], plan.lengths[j], table.rounds,
		table.warm_up && (same(claimed->highest, cell->warm_up) ||
		same(claimed->lowest, cell->warm_up)) ?
		": it counts round 0" : "");
}

CHECK(the_medians_are_those_of_the_csv)
{
	table_read(&table);
	require(table.rounds > 0, "the CSV has no round that counts");
	for (unsigned i = 0; i < plan.thread_count; i++)
		for (unsigned j = 0; j < plan.length_count; j++)
			require_figure(i, j);
}

static bool
wins(unsigned i, unsigned j)
{
	return table.cells[i][j].figure.median <
		table.cells[0][j].figure.median;
}

static unsigned
break_even(unsigned i)
{
	unsigned found = NEVER;

	for (unsigned j = plan.length_count; j-- > 0 && wins(i, j);)
		found = plan.lengths[j];
	return found;
}

/* The shortest length at which the pool wins, if longer ones are ignored. */
static unsigned
first_win(unsigned i)
{
	for (unsigned j = 0; j < plan.length_count; j++)
		if (wins(i, j))
			return plan.lengths[j];
	return NEVER;
}

CHECK(the_break_even_is_that_of_the_csv)
{
	table_read(&table);
	require(table.rounds > 0, "the CSV has no round that counts");
	for (unsigned i = 1; i < plan.thread_count; i++) {
		unsigned claimed = claims.break_even[i];
		unsigned computed = break_even(i);

		require(claimed != 0, "there is no claim yet for threads = %u",
			plan.threads[i]);
		require(claimed == computed, "the break-even length claimed "
			"for threads = %u does not follow from the CSV: %s",
			plan.threads[i],
			claimed == NEVER ? "the pool does win in the end" :
			claimed == first_win(i) ? "the pool wins there, but "
				"loses again at a longer one" :
			computed == NEVER ? "the pool loses at the longest" :
			claimed > computed ? "the pool wins at a shorter one "
				"already" : "the pool loses there, or at a "
				"longer one");
	}
}

static const char *
word(enum comparison comparison)
{
	return comparison == FASTER ? "FASTER" : comparison == SLOWER ?
		"SLOWER" : comparison == NOT_CLEAR ? "NOT_CLEAR" :
		"undecided";
}

static void
require_comparison(const char *name, enum comparison claimed,
	const struct cell *one, const struct cell *other)
{
	enum comparison computed = table_compare(one, other);

	if (claimed == computed)
		return;
	require(claimed != UNDECIDED, "there is no claim yet: %s", name);
	suite_fail("the claim is that %s is %s, but %s", name, word(claimed),
		computed == NOT_CLEAR ? "the spreads overlap" :
		claimed == NOT_CLEAR ? "the spreads do not overlap" :
		"it is the other way round");
}

CHECK(the_conclusions_are_those_of_the_csv)
{
	const struct cell *none, *one, *two;
	unsigned longest;

	table_read(&table);
	require(table.rounds > 0, "the CSV has no round that counts");
	none = table.cells[place_of_threads(0)];
	one = table.cells[place_of_threads(1)];
	two = table.cells[place_of_threads(2)];
	longest = plan.length_count - 1;
	require_comparison("one_with_none_shortest",
		claims.one_with_none_shortest, &one[0], &none[0]);
	require_comparison("two_with_one_shortest",
		claims.two_with_one_shortest, &two[0], &one[0]);
	require_comparison("two_with_one_longest",
		claims.two_with_one_longest, &two[longest], &one[longest]);
}
