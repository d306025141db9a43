/*
 * waits.c - what a registered wait costs, and how soon a signal is heard
 * SPDX-License-Identifier: MIT
 *
 * A wait has an item run when something is signalled: an event, where the
 * pool knows events, or else a descriptor of the kind that its system has
 * for signals between threads. These are made beforehand and are not part of
 * what is measured, but for the count of descriptors.
 *
 * What a pool asks the system for is part of it, whenever it does so: where a
 * loop puts that off, it is turned once before the clock is stopped.
 */

#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "machine.h"
#include "measure.h"

enum {
	ROUNDS = 5,			/* of unsetting and setting */
	LATENCIES = 5000		/* samples at most, ... */
};

#define LATENCY_TIME (2000 * MS)	/* ... or as many as fit into it */

static void **signals;			/* what is waited for */
static void **waits;

static void
make_signals(int count)
{
	size_t size = (size_t)count * sizeof(*waits);

	signals = malloc(size);
	waits = malloc(size);
	if (signals == NULL || waits == NULL)
		bench_fail("no memory for the waits");
	memset(waits, 1, size);		/* so that it is there already */
	for (int i = 0; i < count; i++)
		signals[i] = peer_signal_new();
}

static void
free_all(int count)
{
	for (int i = 0; i < count; i++)
		peer_wait_free(waits[i]);
	peer_loop_turn();
	for (int i = 0; i < count; i++)
		peer_signal_free(signals[i]);
	free(waits);
	free(signals);
}

/* Has the pool start what it starts for the first wait. */
static void
make_one(void)
{
	void *source = peer_signal_new();
	void *wait = peer_wait_new(source, &stamp_job);

	peer_wait_set(wait);
	peer_loop_turn();
	peer_wait_free(wait);
	peer_loop_turn();
	peer_signal_free(source);
}

static void
make_waits(int count, const char *make, const char *bytes)
{
	int64_t before;
	int64_t began;

	make_one();
	before = machine_memory();
	began = machine_now();
	for (int i = 0; i < count; i++) {
		waits[i] = peer_wait_new(signals[i], &stamp_job);
		peer_wait_set(waits[i]);
	}
	peer_loop_turn();
	began = machine_now() - began;
	report(make, (double)began / count);
	if (bytes && before > 0)
		report(bytes, (double)(machine_memory() - before) / count);
}

static void
set_again(int count, const char *set)
{
	int64_t samples[ROUNDS];

	for (int round = 0; round < ROUNDS; round++) {
		int64_t began;

		for (int i = 0; i < count; i++)
			peer_wait_unset(waits[i]);
		peer_loop_turn();
		began = machine_now();
		for (int i = 0; i < count; i++)
			peer_wait_set(waits[i]);
		peer_loop_turn();
		samples[round] = machine_now() - began;
	}
	report(set, percentile(samples, ROUNDS, 50) / count);
}

static void
signal_latency(int count)
{
	int most = quick ? 20 : LATENCIES;
	int64_t *samples = samples_new(most);
	int64_t until;
	int n = 0;

	machine_place(1);
	until = machine_now() + LATENCY_TIME;
	while (n < most && machine_now() < until) {
		int64_t began;

		expect_stamp();
		began = machine_now();
		peer_signal(signals[(n * 7919l + 1) % count]);
		samples[n++] = await_stamp(began) - began;
	}
	report("signal_p50_us", percentile(samples, n, 50) / US);
	report("signal_p99_us", percentile(samples, n, 99) / US);
	free(samples);
}

/* What there is when the pool runs, and has run something. */
static void
warm_up(void)
{
	machine_place(0);
	peer_open(1, 0);
	for (int i = 0; i < 100; i++)
		peer_post(0, &tally_job);
	posted += 100;
	peer_finish(0);
	await_all();
}

void
waits4(void)
{
	int count = quick ? 100 : 10000;
	int threads;
	int descriptors;

	if (peer_most_waits() < 10000)
		return;
	warm_up();
	threads = machine_threads();
	descriptors = machine_descriptors();
	make_signals(count);
	make_waits(count, "wait_make4_ns", "wait_bytes");
	set_again(count, "wait_set4_ns");
	peer_loop_start();
	if (threads > 0)
		report("wait_threads", machine_threads() - threads);
	if (descriptors > 0)
		report("wait_descriptors",
		    machine_descriptors() - descriptors);
	signal_latency(count);
	peer_loop_stop();
	free_all(count);
	peer_close();
	check_counts();
}

void
waits5(void)
{
	int count = quick ? 100 : 100000;

	if (peer_most_waits() < 100000)
		return;
	warm_up();
	make_signals(count);
	make_waits(count, "wait_make5_ns", NULL);
	set_again(count, "wait_set5_ns");
	peer_loop_stop();
	free_all(count);
	peer_close();
	check_counts();
}
