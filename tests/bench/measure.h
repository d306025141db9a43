/*
 * measure.h - counting, waiting and printing: what all measurements share
 * SPDX-License-Identifier: MIT
 *
 * bench.c measures posts, timers.c timers and waits.c waits; the table of
 * metrics at the end of bench.c names them all. They know no pool.
 *
 * Counting must not cost more than a fast pool: a shared atomic counter
 * would. Each thread counts in a cell of its own, and the waiting side adds
 * the cells up. Every run ends by comparing that sum with the number of
 * posts; a run that lost an item, or ran one twice, fails. Nothing here
 * fails for being slow.
 */

#ifndef MEASURE_H
#define MEASURE_H

#include <stdint.h>

#define US 1000ll			/* nanoseconds in a microsecond */
#define MS 1000000ll			/* nanoseconds in a millisecond */

/* What an item is: a function, in the first field of something larger. */
struct job {
	void (*run)(struct job *job);
};

extern int quick;			/* only show that it runs */
extern long posted;			/* items posted since the start */
extern struct job tally_job;		/* does nothing but count itself */
extern struct job stamp_job;		/* and says when it ran */

/* tally - count an item: called once by each, on its thread. */
void tally(void);

/* ran_so_far - items counted up to now. */
long ran_so_far(void);

/* expect_progress - fail if nothing has run since then for a minute. */
void expect_progress(int64_t since);

/*
 * await_all - wait until all that was posted has run. Sleeps 50 us between
 * two looks, and so takes hardly any processor time from the pool.
 */
void await_all(void);

/* check_counts - fail unless as many items have run as were posted. */
void check_counts(void);

/*
 * await_stamp - watch until stamp_job runs, which expect_stamp has announced
 * before it was posted. The watcher does not yield, as one that has work of
 * its own would not; but not for ever, or an item on its own processor could
 * never run. began: the time of the post. Returns when the item ran, in ns.
 */
void expect_stamp(void);
int64_t await_stamp(int64_t began);

/* percentile - of n samples, which it sorts. */
double percentile(int64_t *samples, int n, int percent);

/* samples_new - zeroed room for n samples; ends the program if it can't. */
int64_t *samples_new(int n);

/* report - print one metric. */
void report(const char *metric, double value);

/* timers.c: timers, as many as said; and due within a second. */
void timers3(void);
void timers5(void);
void timers6(void);
void rearm(void);
void late(void);

/* waits.c: waits, as many as said. */
void waits4(void);
void waits5(void);

#endif
