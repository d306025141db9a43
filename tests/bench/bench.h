/*
 * bench.h - what a benchmarked thread pool and the measurements share
 * SPDX-License-Identifier: MIT
 *
 * Every pool is measured by the same object file, bench.c. It knows no
 * pool; it calls the few functions below, and each bench_PEER file
 * implements them with one pool, in the cheapest way which that pool
 * documents. So the clock, the work in an item, the counting and the
 * waiting are the same for all, and what differs is the pool.
 *
 * An item is one pointer, handed back by the pool to bench_item on one of
 * its threads. A lane is a submitter: lane 0 is the main thread, lane 1 a
 * second one. A callback that posts has no lane: it passes BENCH_CALLBACK.
 *
 * bench.c provides:  bench_item, bench_fail, bench_sleep
 * a peer provides:   peer_open, peer_post, peer_prepare, peer_repost,
 *                    peer_finish, peer_sleep, peer_close
 */

#ifndef BENCH_H
#define BENCH_H

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

#ifdef __cplusplus
}
#endif

#endif
