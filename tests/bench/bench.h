/*
 * bench.h - what a benchmarked thread pool and the measurements share
 * SPDX-License-Identifier: MIT
 *
 * Every pool is measured by the same object files. They know no pool; they
 * call the functions below, and each bench_PEER file
 * implements them with one pool, in the cheapest way which that pool
 * documents. So the clock, the work in an item, the counting and the
 * waiting are the same for all, and what differs is the pool.
 *
 * An item is one pointer, handed back by the pool to bench_item on one of
 * its threads. A lane is a submitter: lane 0 is the main thread, lane 1 a
 * second one. A callback that posts has no lane: it passes BENCH_CALLBACK.
 *
 * measure.c provides: bench_item, bench_fail, bench_sleep
 * a peer provides:   peer_open, peer_post, peer_prepare, peer_repost,
 *                    peer_finish, peer_sleep, peer_close; for timers
 *                    and waits, peer_timer..., peer_signal...,
 *                    peer_wait..., peer_loop...
 */

#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
	BENCH_LANES = 2,		/* submitters at most */
	BENCH_CALLBACK = -1		/* the lane of a post from an item */
};

/*
 * bench_item - what every item does: the pool calls it once per post.
 * item: the pointer that was posted
 */
void bench_item(void *item);

/*
 * bench_fail - say what went wrong and end the program with status 1.
 */
void bench_fail(const char *what);

/*
 * bench_sleep - sleep as any POSIX (or Windows) program would.
 * ms: milliseconds
 */
void bench_sleep(unsigned ms);

/*
 * peer_open - make the pool ready for posts.
 * lanes: how many submitters there will be, 1 or 2
 * workers: 0 for the pool's usual size; 1 for as few threads as it can do
 * Returns how many threads run items when `workers` is 1; else unused.
 */
int peer_open(int lanes, int workers);

/*
 * peer_post - post an item that the pool has not seen before.
 */
void peer_post(int lane, void *item);

/*
 * peer_prepare - make the work object that peer_repost posts.
 * Returns 0 when the pool has no object that can be posted repeatedly,
 * also while earlier posts of it are still queued.
 */
int peer_prepare(void *item);

/*
 * peer_repost - post the prepared object once more.
 */
void peer_repost(int lane);

/*
 * peer_finish - what a submitter must do for its items to come to an end:
 * turn an event loop, or nothing at all.
 */
void peer_finish(int lane);

/*
 * peer_sleep - sleep inside an item, by the pool's own means if it has any.
 * ms: milliseconds
 */
void peer_sleep(unsigned ms);

/*
 * peer_close - free the pool; every item has run by now.
 */
void peer_close(void);

/*
 * Timers and waits. A pool that has none is linked with bench_plain.c.
 *
 * Where they belong to a loop, the main thread sets them and turns the loop
 * while no other thread does: peer_loop_start has one do so until
 * peer_loop_stop. To other pools the three loop functions mean nothing, but
 * after peer_loop_stop no item runs and timers and waits are only freed.
 */

/* peer_most_timers - how many are feasible, in seconds; 0: there are none. */
long peer_most_timers(void);

/* peer_timer_new - a timer, not set yet, which has an item run. */
void *peer_timer_new(void *item);

/*
 * peer_timer_set - have the item run once. The timer is not set, or set to
 * a time that has not come; that one is forgotten then.
 * ns: from now on; more than 0
 */
void peer_timer_set(void *timer, int64_t ns);

/* peer_timer_cancel - take it back before the time has come. */
void peer_timer_cancel(void *timer);

/* peer_timer_free - free it; set or not. */
void peer_timer_free(void *timer);

/* peer_most_waits - as peer_most_timers. */
long peer_most_waits(void);

/* peer_signal_new - something that can be signalled, and waited for. */
void *peer_signal_new(void);

/* peer_signal - signal it, from a thread that is not of the pool. */
void peer_signal(void *source);

/* peer_signal_free - free it; nothing waits for it any more. */
void peer_signal_free(void *source);

/* peer_wait_new - a wait for that signal, not set yet. */
void *peer_wait_new(void *source, void *item);

/* peer_wait_set - have the item run each time that it is signalled. */
void peer_wait_set(void *wait);

/* peer_wait_unset - end that. */
void peer_wait_unset(void *wait);

/* peer_wait_free - free it; set or not. */
void peer_wait_free(void *wait);

/* peer_loop_turn - do now what was put off until the loop turns. */
void peer_loop_turn(void);

/* peer_loop_start, peer_loop_stop - let another thread turn the loop. */
void peer_loop_start(void);
void peer_loop_stop(void);

#ifdef __cplusplus
}
#endif

#endif
