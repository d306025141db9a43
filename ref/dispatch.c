/* dispatch.c - the one thread that waits for times and descriptors */
/* SPDX-License-Identifier: MIT */
/*
 * The dispatcher is one thread for the process, started when the first due
 * time or descriptor needs it. It sleeps until the next due time, or until
 * a descriptor is ready, and has the owner act on it. It never runs
 * application code.
 *
 * While no descriptor is watched it sleeps on a condition variable, and
 * afterwards in the poller: a process that uses timers only needs no
 * descriptor for them.
 *
 * Interface: tp_waitable_lock, tp_dispatcher_start,
 * tp_dispatcher_wake_locked.
 *
 * Locks: it holds tp_waitable_lock from its look at the due times until it
 * sleeps, so that whoever sets an earlier one has been seen, or wakes it.
 */
#include <pthread.h>

#include "dispatch.h"
#include "poller.h"
#include "trace.h"

struct tp_mutex tp_waitable_lock = TP_MUTEX_INIT(TP_RANK_WAITABLE);

/* Guarded by tp_waitable_lock. */
static struct tp_cond earlier;		/* an earlier due time was set */

/* Guarded by birth. */
static struct tp_mutex birth = TP_MUTEX_INIT(TP_RANK_BIRTH);
static bool heeds_forks;
static bool started;

/* Sleeps until then, or until tp_dispatcher_wake_locked is called. */
static void
sleep_locked(tp_time until)
{
	if (tp_poller_is_open_locked())
		tp_poller_wait_locked(until);
	else
		(void)tp_cond_wait_until(&earlier, &tp_waitable_lock, until);
}

/* The body of the dispatcher thread. */
static void *
dispatch(void *unused)
{
	(void)unused;
	tp_thread_name("tp-dispatch");
	tp_thread_is("dispatcher", TP_ONLY_ONE);
	tp_thread_wake_punctually();
	tp_lock(&tp_waitable_lock);
	for (;;) {
		tp_time now = tp_now(), wall = tp_wall();

		if (!tp_due_serve_locked(now, wall))
			sleep_locked(tp_due_next_look_locked(now, wall));
		else if (tp_poller_is_open_locked())
			tp_poller_wait_locked(now);	/* only looks */
		tp_waitable_unlock();	/* does what that has asked for */
		tp_lock(&tp_waitable_lock);
	}
	return NULL;
}

/* ---- Over a fork ---- */

static void
hold(void)
{
	tp_lock(&tp_waitable_lock);
}

static void
let_go(void)
{
	tp_unlock(&tp_waitable_lock);
}

/*
 * A child of fork has a copy of the lock, and of the threads only the one
 * that forked: if the dispatcher held the lock at that moment, nobody in the
 * child would ever drop it. So whoever forks holds it meanwhile, and drops it
 * on both sides. 0 or an error code.
 */
static DWORD
heed_forks(void)
{
	if (!heeds_forks)
		heeds_forks = pthread_atfork(hold, let_go, let_go) == 0;
	return heeds_forks ? 0 : ERROR_NOT_ENOUGH_MEMORY;
}

/* ---- Starting ---- */

/*
 * Starts the dispatcher, unless it runs.
 *
 * Fails: ERROR_NOT_ENOUGH_MEMORY; the next call tries again.
 * Locks: waits for another thread that is starting it.
 */
DWORD
tp_dispatcher_start(void)
{
	DWORD error;

	tp_lock(&birth);
	error = heed_forks();
	if (error == 0 && !started) {
		tp_trace_open();
		tp_cond_init(&earlier);
		error = tp_thread_start(dispatch, NULL, 0);
		started = error == 0;
		if (!started)
			tp_cond_destroy(&earlier);
	}
	tp_unlock(&birth);
	return error;
}

/* Has the dispatcher look again, however it sleeps. It has been started. */
void
tp_dispatcher_wake_locked(void)
{
	tp_assert_held(&tp_waitable_lock);
	tp_cond_signal(&earlier);
	tp_poller_wake_locked();
}
