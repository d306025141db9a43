/* crowd.h - what the suites of pools have in common */
/* SPDX-License-Identifier: MIT */
/*
 * A crowd is made of callbacks that wait at a gate and count how many of
 * them were inside at once: so a test sees how many threads a pool has
 * given to its callbacks.
 *
 * How many threads a pool gets depends on how many processors there are,
 * after which time a queue counts as stalled, and how long an idle worker
 * stays. TP_PROCESSORS, TP_STALL_MS and TP_IDLE_MS say so in the
 * environment of the process, and a pool reads them when it is made: a test
 * sets what it needs first.
 */
#ifndef CROWD_H
#define CROWD_H

#include "posts.h"

#include "../ref/pool.h"

/* Callbacks that wait at a gate, and how many were inside at once. */
struct crowd {
	struct gate gate;
	pthread_mutex_t mutex;
	unsigned inside, most;		/* guarded by mutex */
	struct tally started, finished;
};

#define CROWD_INIT { .gate = GATE_INIT, \
	.mutex = PTHREAD_MUTEX_INITIALIZER, .started = TALLY_INIT, \
	.finished = TALLY_INIT }

static inline VOID CALLBACK
join_crowd(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct crowd *crowd = context;

	(void)instance;
	(void)work;
	pthread_mutex_lock(&crowd->mutex);
	if (++crowd->inside > crowd->most)
		crowd->most = crowd->inside;
	pthread_mutex_unlock(&crowd->mutex);
	tally_add(&crowd->started);
	gate_wait(&crowd->gate);
	pthread_mutex_lock(&crowd->mutex);
	crowd->inside--;
	pthread_mutex_unlock(&crowd->mutex);
	tally_add(&crowd->finished);
}

static inline PTP_WORK
work_in(struct private_pool *private, PTP_WORK_CALLBACK callback,
	void *context)
{
	PTP_WORK work = CreateThreadpoolWork(callback, context,
		&private->environ);

	ck_assert_ptr_nonnull(work);
	return work;
}

static inline void
finish(PTP_WORK work)
{
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
}

/*
 * Time in which whatever can run does run: work on a pool of its own. The
 * explorer knows when that is so.
 */
static inline void
let_others_run(void)
{
	struct private_pool elsewhere;
	struct tally runs = TALLY_INIT;
	PTP_WORK work;

	if (explore_active()) {
		explore_await_still();
		return;
	}
	private_pool_open(&elsewhere, 1, 1);
	work = work_in(&elsewhere, count_work, &runs);
	for (int i = 0; i < 200; i++) {
		SubmitThreadpoolWork(work);
		WaitForThreadpoolWorkCallbacks(work, FALSE);
	}
	finish(work);
	private_pool_close(&elsewhere);
}

/* ---- Counting threads ---- */

/* Threads of the process, as far as the harness counts them. */
struct expected_threads {
	unsigned long number;
};

static inline bool
as_many_threads(void *expected)
{
	return live_threads() ==
		((struct expected_threads *)expected)->number;
}

static inline void
await_threads(unsigned long number)
{
	struct expected_threads expected = { number };

	await(as_many_threads, &expected);
}

/* The workers that the pool counts. */
static inline unsigned
workers(PTP_POOL pool)
{
	unsigned total;

	tp_lock(&pool->lock);
	total = pool->total;
	tp_unlock(&pool->lock);
	return total;
}

#endif /* CROWD_H */
