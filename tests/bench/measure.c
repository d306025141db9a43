/*
 * measure.c - counting, waiting and printing: what all measurements share
 * SPDX-License-Identifier: MIT
 *
 * Each thread that runs items gets a cell when it counts its first one. A
 * cell has a cache line (or two) of its own, is written by its thread only,
 * and so costs what a private variable does.
 *
 * Interface: measure.h; and bench_item, bench_fail and bench_sleep for the
 * pools
 */

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "machine.h"
#include "measure.h"

enum {
	CELLS = 1024			/* threads that may run items */
};

static struct {
	_Alignas(128) atomic_long ran;	/* written by one thread only */
} cells[CELLS];
static atomic_int cells_used;
static _Thread_local atomic_long *my_cell;
static _Atomic int64_t stamp;		/* when the last stamp job ran, or 0 */

int quick;
long posted;

void
bench_fail(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

void
bench_item(void *item)
{
	struct job *job = item;

	job->run(job);
}

void
bench_sleep(unsigned ms)
{
	machine_sleep(ms * MS);
}

/* Counting. */

void
tally(void)
{
	long ran;

	if (my_cell == NULL) {
		int index = atomic_fetch_add(&cells_used, 1);

		if (index >= CELLS)
			bench_fail("more threads ran items than expected");
		my_cell = &cells[index].ran;
	}
	ran = atomic_load_explicit(my_cell, memory_order_relaxed);
	atomic_store_explicit(my_cell, ran + 1, memory_order_release);
}

long
ran_so_far(void)
{
	long sum = 0;
	int used = atomic_load(&cells_used);

	for (int i = 0; i < used && i < CELLS; i++)
		sum += atomic_load_explicit(&cells[i].ran,
		    memory_order_acquire);
	return sum;
}

/* A minute without a single item is no longer slow, it is lost. */
void
expect_progress(int64_t since)
{
	if (machine_now() - since < 60000 * MS)
		return;
	fprintf(stderr, "bench: %ld of %ld items ran\n", ran_so_far(),
	    posted);
	exit(1);
}

void
await_all(void)
{
	int64_t progress = machine_now();
	long seen = -1;
	long ran;

	while ((ran = ran_so_far()) < posted) {
		if (ran != seen)
			progress = machine_now();
		seen = ran;
		expect_progress(progress);
		machine_sleep(50 * US);
	}
}

void
check_counts(void)
{
	if (ran_so_far() == posted)
		return;
	fprintf(stderr, "bench: %ld posts, but %ld runs\n", posted,
	    ran_so_far());
	exit(1);
}

/* Items that do nothing but count, or say when they ran. */

static void
run_tally(struct job *job)
{
	(void)job;
	tally();
}

struct job tally_job = { run_tally };

static void
run_stamp(struct job *job)
{
	int64_t now = machine_now();

	(void)job;
	tally();
	atomic_store_explicit(&stamp, now, memory_order_release);
}

struct job stamp_job = { run_stamp };

void
expect_stamp(void)
{
	posted++;
	atomic_store(&stamp, 0);
}

int64_t
await_stamp(int64_t began)
{
	unsigned looks = 0;
	int64_t ran;

	while (!(ran = atomic_load_explicit(&stamp, memory_order_acquire))) {
		if (++looks % 64 || machine_now() - began < 20 * US)
			continue;
		machine_yield();
		expect_progress(began);
	}
	return ran;
}

/* Statistics and output. */

static int
ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

double
percentile(int64_t *samples, int n, int percent)
{
	qsort(samples, (size_t)n, sizeof(samples[0]), ascending);
	return (double)samples[(n - 1) * percent / 100];
}

int64_t *
samples_new(int n)
{
	int64_t *samples = calloc((size_t)n, sizeof(samples[0]));

	if (samples == NULL)
		bench_fail("no memory for the samples");
	return samples;
}

void
report(const char *metric, double value)
{
	printf("%s %.3f\n", metric, value);
	fflush(stdout);
}
