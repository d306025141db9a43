/*
 * bench.c - posts, the same for every pool, and the list of all metrics
 * SPDX-License-Identifier: MIT
 *
 * One run measures one thing and prints one line per metric, "name value":
 *
 *     bench_PEER METRIC [quick]
 *
 * METRIC is one of the names in the table at the end. The driver, `run`,
 * starts each metric in a process of its own, so that threads and memory
 * left by one do not show up in the next. A metric which the pool cannot
 * do prints nothing.
 *
 * A batch takes milliseconds at least: what happens between the last item
 * and the next look at the counters does not matter.
 */

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "machine.h"
#include "measure.h"

enum {
	BATCHES = 5,			/* timed batches, at most */
	BURST = 100,			/* items in a burst */
	BURST_MS = 10			/* each sleeps or computes for that */
};

/* A node of the tree that callbacks post. */
struct branch {
	struct job job;
	struct branch *below;		/* posted twice; NULL for a leaf */
};

static int64_t main_began;		/* ns, on the clock of machine_now */
static atomic_int gate;			/* closed while 0 */

/* Throughput: post n items from one or two lanes, and wait for the last. */

struct submitter {
	int lane;
	int again;			/* post the prepared object */
	long count;
};

static void
submit(void *arg)
{
	struct submitter *s = arg;

	while (!atomic_load(&gate))
		machine_yield();
	if (s->again)
		for (long i = 0; i < s->count; i++)
			peer_repost(s->lane);
	else
		for (long i = 0; i < s->count; i++)
			peer_post(s->lane, &tally_job);
	peer_finish(s->lane);
}

static int64_t
time_batch(int lanes, int again, long count)
{
	struct submitter first = { 0, again, count / lanes };
	struct submitter second = { 1, again, count - count / lanes };
	struct machine_thread *thread = NULL;
	int64_t began;

	posted += count;
	if (lanes > 1) {
		atomic_store(&gate, 0);
		thread = machine_start(submit, &second);
		machine_sleep(MS);	/* let it reach the gate */
	} else {
		first.count = count;
	}
	began = machine_now();
	atomic_store(&gate, 1);
	submit(&first);
	await_all();
	began = machine_now() - began;
	if (thread)
		machine_join(thread);
	return began;
}

static void
throughput(const char *metric, int lanes, int again)
{
	int64_t samples[BATCHES];
	long count = quick ? 1000 : 200000;
	int64_t spent = 0;
	int n = 0;

	peer_open(lanes, 0);
	if (!again || peer_prepare(&tally_job)) {
		time_batch(lanes, again, count / 4);
		while (n < BATCHES && spent < 2000 * MS)
			spent += samples[n++] = time_batch(lanes, again,
			    count);
		report(metric, percentile(samples, n, 50) / (double)count);
	}
	peer_close();
	check_counts();
}

static void
fresh1(void)
{
	throughput("fresh1_ns", 1, 0);
}

static void
fresh2(void)
{
	throughput("fresh2_ns", 2, 0);
}

static void
again1(void)
{
	throughput("again1_ns", 1, 1);
}

static void
again2(void)
{
	throughput("again2_ns", 2, 1);
}

/*
 * Latency: from just before the post to the first line of the item. The
 * workers are kept off the poster's processor, because where the scheduler
 * puts them makes more of a difference than the pool does.
 */

/* Returns when it ran, and when it was posted. */
static int64_t
post_and_see(int64_t *began)
{
	int64_t ran;

	expect_stamp();
	*began = machine_now();
	peer_post(0, &stamp_job);
	ran = await_stamp(*began);
	peer_finish(0);
	return ran;
}

static void
latency(const char *p50, const char *p99, int64_t idle, int count)
{
	int64_t *samples = samples_new(count);

	machine_place(0);
	peer_open(1, 0);
	for (int i = 0; i < 100; i++)	/* let it make its threads */
		peer_post(0, &tally_job);
	posted += 100;
	peer_finish(0);
	await_all();
	machine_place(1);
	for (int i = -count / 10; i < count; i++) {
		int64_t until = machine_now() + idle;
		int64_t began;
		int64_t ran;

		while (idle && machine_now() < until)
			continue;
		ran = post_and_see(&began);
		if (i >= 0)
			samples[i] = ran - began;
	}
	report(p50, percentile(samples, count, 50) / US);
	report(p99, percentile(samples, count, 99) / US);
	free(samples);
	peer_close();
	check_counts();
}

static void
hot(void)
{
	latency("hot_p50_us", "hot_p99_us", 0, quick ? 100 : 20000);
}

static void
idle(void)
{
	latency("idle_p50_us", "idle_p99_us", 50 * US, quick ? 20 : 5000);
}

/* Fan-out: a binary tree whose every inner node posts the two below. */

static void
run_branch(struct job *job)
{
	struct branch *below = ((struct branch *)job)->below;

	if (below) {
		peer_post(BENCH_CALLBACK, below);
		peer_post(BENCH_CALLBACK, below);
	}
	tally();
}

static int64_t
time_tree(struct branch *root, int depth)
{
	int64_t began = machine_now();

	posted += (2l << depth) - 1;
	peer_post(0, root);
	peer_finish(0);
	await_all();
	return machine_now() - began;
}

static void
fan(void)
{
	int depth = quick ? 7 : 17;
	struct branch tree[18] = { { { run_branch }, NULL } };
	int64_t samples[BATCHES];
	int64_t spent = 0;
	int n = 0;

	for (int i = 1; i <= depth; i++) {
		tree[i].job.run = run_branch;
		tree[i].below = &tree[i - 1];
	}
	peer_open(1, 0);
	time_tree(&tree[depth - 2], depth - 2);
	while (n < BATCHES && spent < 2000 * MS)
		spent += samples[n++] = time_tree(&tree[depth], depth);
	report("fan_ns", percentile(samples, n, 50) /
	    (double)((2l << depth) - 1));
	peer_close();
	check_counts();
}

/* Memory: what the process grows by while its only worker is held up. */

static void
run_until_gate_opens(struct job *job)
{
	(void)job;
	tally();
	while (!atomic_load(&gate))
		machine_sleep(MS);
}

static struct job gate_job = { run_until_gate_opens };

static void
memory(void)
{
	long count = quick ? 1000 : 1000000;
	int workers = peer_open(1, 1);
	int64_t before;

	for (int i = 0; i < workers; i++)
		peer_post(0, &gate_job);
	posted += workers;
	await_all();
	before = machine_memory();
	for (long i = 0; i < count; i++)
		peer_post(0, &tally_job);
	if (ran_so_far() != posted)
		bench_fail("an item ran while all workers were held up");
	posted += count;
	if (before > 0)
		report("item_bytes", (double)(machine_memory() - before) /
		    (double)count);
	atomic_store(&gate, 1);
	peer_finish(0);
	await_all();
	peer_close();
	check_counts();
}

/* Bursts: a hundred items that sleep, or compute, for 10 ms each. */

static void
run_sleep(struct job *job)
{
	(void)job;
	peer_sleep(BURST_MS);
	tally();
}

static struct job sleep_job = { run_sleep };
static long spin_turns;			/* that take 10 ms on this machine */

/* Each turn needs the one before, and no compiler knows a short cut. */
static uint64_t
spin(long turns)
{
	uint64_t x = 1;

	for (long i = 0; i < turns; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	return x;
}

static void
run_busy(struct job *job)
{
	(void)job;
	if (spin(spin_turns) == 0)
		bench_fail("arithmetic is broken");
	tally();
}

static struct job busy_job = { run_busy };

/* The driver measures the turns once and hands them to every program. */
static void
turns(void)
{
	const char *given = getenv("BENCH_TURNS");
	int64_t best = INT64_MAX;
	long trial = 1000000;

	if (given)
		spin_turns = atol(given);
	for (int i = 0; i < 20 && spin_turns <= 0; i++) {
		int64_t began = machine_now();

		if (spin(trial) == 0)
			bench_fail("arithmetic is broken");
		began = machine_now() - began;
		if (began < best)
			best = began;
		if (i == 19)
			spin_turns = (long)(BURST_MS * MS * trial / best);
	}
	if (quick)
		spin_turns /= BURST;
}

static int
at_least(int a, int b)
{
	return a > b ? a : b;
}

static void
burst(const char *ms, const char *threads, struct job *job)
{
	int count = quick ? BURST / 10 : BURST;
	int most = 0;
	int64_t began;
	int64_t took;

	peer_open(1, 0);
	began = machine_now();
	for (int i = 0; i < count; i++)
		peer_post(0, job);
	posted += count;
	for (int looks = 0; ran_so_far() < posted; looks++) {
		if (looks % 16 == 15)
			most = at_least(most, machine_threads());
		expect_progress(began);
		machine_sleep(MS / 4);
	}
	took = machine_now() - began;
	most = at_least(most, machine_threads());
	report(ms, (double)took / (double)MS);
	if (most > 0)
		report(threads, most);
	peer_finish(0);
	peer_close();
	check_counts();
}

static void
blocking(void)
{
	burst("blocking_ms", "blocking_threads", &sleep_job);
}

static void
busy(void)
{
	turns();
	burst("busy_ms", "busy_threads", &busy_job);
}

static void
print_turns(void)
{
	turns();
	printf("%ld\n", spin_turns);
}

/* Start: from the first line of main to the first line of an item. */

static void
start(void)
{
	int64_t began;
	int64_t ran;

	peer_open(1, 0);
	ran = post_and_see(&began);
	report("start_us", (double)(ran - main_began) / US);
	peer_close();
	check_counts();
}

static const struct {
	const char *name;
	void (*measure)(void);
} metrics[] = {
	{ "fresh1", fresh1 }, { "fresh2", fresh2 },
	{ "again1", again1 }, { "again2", again2 },
	{ "hot", hot }, { "idle", idle },
	{ "fan", fan }, { "memory", memory },
	{ "blocking", blocking }, { "busy", busy },
	{ "start", start }, { "timers3", timers3 },
	{ "timers5", timers5 }, { "timers6", timers6 },
	{ "rearm", rearm }, { "late", late }, { "waits4", waits4 },
	{ "waits5", waits5 }, { "turns", print_turns },
};

int
main(int argc, char **argv)
{
	main_began = machine_now();
	quick = argc == 3 && strcmp(argv[2], "quick") == 0;
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++) {
		if (argc < 2 || strcmp(argv[1], metrics[i].name) != 0)
			continue;
		metrics[i].measure();
		return 0;
	}
	fprintf(stderr, "usage: %s METRIC [quick]; METRIC is one of", argv[0]);
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++)
		fprintf(stderr, " %s", metrics[i].name);
	fprintf(stderr, "\n");
	return 2;
}
