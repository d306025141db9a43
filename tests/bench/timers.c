/*
 * timers.c - what a set timer costs, and how late it fires
 * SPDX-License-Identifier: MIT
 *
 * Setting and cancelling: so many timers are set that none of them fires
 * during the measurement, and some more are set and cancelled beside them
 * again and again, in an order that no cache foresees. Before that the first
 * hundred are cancelled in the order in which they would have fired: a heap
 * that puts its work off until somebody asks for the first is made to do it.
 *
 * Lateness: 100,000 timers fall due at random within one second. Each notes
 * when it fires. Meanwhile nothing else runs: the main thread sleeps, so that
 * the processor time is that of the pool and of the system for it.
 */

#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "machine.h"
#include "measure.h"

#define HOUR (3600 * 1000 * MS)

enum {
	FIRST = 100,			/* cancelled before they count */
	OPERATIONS = 200000		/* timed: so many of each */
};

/* A timer that notes when it fires. */
struct late_job {
	struct job job;
	int64_t due;			/* ns, on the clock of machine_now */
	int64_t ran;
};

/* The same sequence in every run: ns below a limit. */
static int64_t
random_ns(int64_t limit)
{
	static uint64_t x = 88172645463325252ull;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (int64_t)(x >> 1) % limit;
}

static void **
room_for(long count)
{
	void **timers = malloc((size_t)count * sizeof(*timers));

	if (timers == NULL)
		bench_fail("no memory for the timers");
	/* Written now, or it would count as the pool's when it is. */
	memset(timers, 1, (size_t)count * sizeof(*timers));
	return timers;
}

static void
set_far(void *timer)
{
	peer_timer_set(timer, HOUR + random_ns(HOUR));
}

/*
 * Makes timers and sets them. The first ones come before all others, and are
 * cancelled one by one. Returns the longest that one of these took, in ns.
 */
static int64_t
fill(void **timers, long count)
{
	int64_t longest = 0;

	for (long i = 0; i < count; i++) {
		timers[i] = peer_timer_new(&tally_job);
		if (i < FIRST)
			peer_timer_set(timers[i], HOUR / 2 + i * MS);
		else
			set_far(timers[i]);
	}
	for (long i = 0; i < FIRST; i++) {
		int64_t began = machine_now();

		peer_timer_cancel(timers[i]);
		began = machine_now() - began;
		if (began > longest)
			longest = began;
	}
	for (long i = 0; i < FIRST; i++)
		set_far(timers[i]);
	return longest;
}

/* Sets timers, cancels them; how long either took, in ns. */
static void
set_and_cancel(void **timers, long count, int64_t *set, int64_t *cancel)
{
	int64_t began = machine_now();
	int64_t all_set;

	for (long i = 0; i < count; i++)
		set_far(timers[i]);
	all_set = machine_now();
	for (long i = 0; i < count; i++)	/* 7919 is a prime */
		peer_timer_cancel(timers[i * 7919 % count]);
	*set = all_set - began;
	*cancel = machine_now() - all_set;
}

static void
costs(void **timers, long count, const char *set, const char *cancel)
{
	int rounds = quick ? 5 : (int)(OPERATIONS / count);
	int64_t *sets = samples_new(rounds);
	int64_t *cancels = samples_new(rounds);

	for (int i = 0; i < rounds; i++)
		set_and_cancel(timers, count, &sets[i], &cancels[i]);
	report(set, percentile(sets, rounds, 50) / (double)count);
	report(cancel, percentile(cancels, rounds, 50) / (double)count);
	free(sets);
	free(cancels);
}

/* bytes: may be NULL; what a timer that is set takes. */
static void
timers(long full, const char *set, const char *cancel, const char *bytes)
{
	long count = quick ? FIRST : full;
	long more = quick ? FIRST : count < 100000 ? count / 10 : 10000;
	void **all;
	int64_t before;
	int64_t longest;

	if (peer_most_timers() < full)
		return;
	all = room_for(count + more);
	peer_open(1, 0);
	peer_timer_free(peer_timer_new(&tally_job));	/* what one starts */
	before = machine_memory();
	longest = fill(all, count);
	if (bytes && before > 0)
		report(bytes, (double)(machine_memory() - before) /
		    (double)count);
	for (long i = count; i < count + more; i++)
		all[i] = peer_timer_new(&tally_job);
	costs(all + count, more, set, cancel);
	if (full == 1000000)
		report("longest_us", (double)longest / US);
	for (long i = 0; i < count + more; i++)
		peer_timer_free(all[i]);
	peer_close();
	check_counts();
	free(all);
}

void
timers3(void)
{
	timers(1000, "set3_ns", "cancel3_ns", NULL);
}

void
timers5(void)
{
	timers(100000, "set5_ns", "cancel5_ns", "timer_bytes");
}

void
timers6(void)
{
	timers(1000000, "set6_ns", "cancel6_ns", NULL);
}

/*
 * A lone timer that is put off again and again, like the time-out of a
 * connection that has just been heard of.
 */
void
rearm(void)
{
	long count = quick ? 100 : 100000;
	int64_t samples[5];
	void *timer;

	if (peer_most_timers() == 0)
		return;
	peer_open(1, 0);
	timer = peer_timer_new(&tally_job);
	for (int round = 0; round < 5; round++) {
		int64_t began = machine_now();

		for (long i = 0; i < count; i++)
			peer_timer_set(timer, HOUR + i * MS);
		samples[round] = machine_now() - began;
	}
	report("rearm_ns", percentile(samples, 5, 50) / (double)count);
	peer_timer_free(timer);
	peer_close();
	check_counts();
}

/* Lateness. */

static void
run_late(struct job *job)
{
	((struct late_job *)job)->ran = machine_now();
	tally();
}

/* Sets them all, each due at its own time between `begin` and `end`. */
static void
set_within(void **all, struct late_job *jobs, long count, int64_t begin,
    int64_t end)
{
	posted += count;
	for (long i = 0; i < count; i++) {
		int64_t due = begin + random_ns(end - begin);
		int64_t now = machine_now();

		jobs[i].due = due > now ? due : now + 1;
		peer_timer_set(all[i], jobs[i].due - now);
	}
}

static void
report_lateness(const struct late_job *jobs, long count)
{
	int64_t *samples = samples_new((int)count);
	long early = 0;

	for (long i = 0; i < count; i++) {
		samples[i] = jobs[i].ran - jobs[i].due;
		if (samples[i] < 0)
			early++;
	}
	report("late_p50_us", percentile(samples, (int)count, 50) / US);
	report("late_p99_us", percentile(samples, (int)count, 99) / US);
	report("early", (double)early);
	free(samples);
}

void
late(void)
{
	long count = quick ? 200 : 100000;
	int64_t lead = (quick ? 5 : 250) * MS;
	int64_t length = (quick ? 20 : 1000) * MS;
	struct late_job *jobs = calloc((size_t)count, sizeof(*jobs));
	void **all = room_for(count);
	int64_t begin;
	int64_t used;

	if (peer_most_timers() < 100000)
		return;
	if (jobs == NULL)
		bench_fail("no memory for the items");
	peer_open(1, 0);
	for (long i = 0; i < count; i++) {
		jobs[i].job.run = run_late;
		all[i] = peer_timer_new(&jobs[i]);
	}
	peer_loop_turn();		/* has it look at the clock */
	begin = machine_now() + lead;
	set_within(all, jobs, count, begin, begin + length);
	used = machine_processor_time();
	peer_loop_start();
	while (machine_now() < begin + length)
		machine_sleep(begin + length - machine_now());
	await_all();
	used = machine_processor_time() - used;
	peer_loop_stop();
	report_lateness(jobs, count);
	report("fire_us", (double)used / (double)count / US);
	for (long i = 0; i < count; i++)
		peer_timer_free(all[i]);
	peer_close();
	check_counts();
	free(all);
	free(jobs);
}
