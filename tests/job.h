/* job.h - what the suites of callback instances have in common */
/* SPDX-License-Identifier: MIT */
/*
 * A job is a private pool with one work object, and everything that a
 * callback can have done when it has returned: an event, a semaphore, a
 * mutex and a critical section. Its callbacks ask for something, and then
 * stay until the gate opens; the last thing that they do is to say so.
 *
 * Everything here is inline: a suite takes what it needs.
 */
#ifndef JOB_H
#define JOB_H

#include "kernel.h"
#include "posts.h"

#include "../ref/pool.h"

struct job {
	struct private_pool private;
	PTP_WORK work;
	HANDLE event, semaphore, mutex;
	CRITICAL_SECTION section;
	struct gate gate;
	struct tally runs;
	int left;	/* how many have: written by their last lines */
};

#define JOB_INIT { .gate = GATE_INIT, .runs = TALLY_INIT }

/* The end of a callback. Only what the pool does after it orders `left`. */
static inline void
stay(struct job *job)
{
	gate_wait(&job->gate);
	tally_add(&job->runs);
	job->left++;
}

/* Without the work object; threads: exactly so many. */
static inline void
job_prepare(struct job *job, DWORD threads)
{
	private_pool_open(&job->private, threads, threads);
	job->event = event(MANUAL, UNSET);
	job->semaphore = semaphore(0, 10);
	job->mutex = mutex();
	InitializeCriticalSection(&job->section);
}

static inline PTP_WORK
job_work(struct job *job, PTP_WORK_CALLBACK callback)
{
	PTP_WORK work = CreateThreadpoolWork(callback, job,
		&job->private.environ);

	ck_assert_ptr_nonnull(work);
	return work;
}

static inline void
job_open(struct job *job, PTP_WORK_CALLBACK callback, DWORD threads)
{
	job_prepare(job, threads);
	job->work = job_work(job, callback);
}

static inline bool
nothing_runs(void *argument)
{
	PTP_POOL pool = argument;
	bool nothing;

	tp_lock(&pool->lock);
	nothing = pool->running == 0;
	tp_unlock(&pool->lock);
	return nothing;
}

/* Waits for what is left: also for callbacks that have left their object. */
static inline void
job_close(struct job *job)
{
	if (job->work != NULL) {
		WaitForThreadpoolWorkCallbacks(job->work, FALSE);
		CloseThreadpoolWork(job->work);
	}
	await(nothing_runs, job->private.pool);
	private_pool_close(&job->private);
	ck_assert(CloseHandle(job->event));
	ck_assert(CloseHandle(job->semaphore));
	ck_assert(CloseHandle(job->mutex));
	DeleteCriticalSection(&job->section);
}

/* Posts it, and comes back when its callback has come to the gate. */
static inline void
job_begin(struct job *job)
{
	SubmitThreadpoolWork(job->work);
	gate_await_waiting(&job->gate, 1);
}

/* ---- The end ---- */

/* For await: what is done when the last object is gone has been done. */
static inline bool
no_thread_is_left(void *unused)
{
	(void)unused;
	return live_threads() == 0;
}

/* ---- Asking ---- */

static inline VOID CALLBACK
ask_for_the_event(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct job *job = context;

	(void)work;
	SetEventWhenCallbackReturns(instance, job->event);
	stay(job);
}

static inline VOID CALLBACK
leave_and_stay(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct job *job = context;

	(void)work;
	DisassociateCurrentThreadFromCallback(instance);
	gate_wait(&job->gate);
	tally_add(&job->runs);
}

#endif /* JOB_H */
