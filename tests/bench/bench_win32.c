/*
 * bench_win32.c - the Vista thread pool API, whoever implements it
 * SPDX-License-Identifier: MIT
 *
 * One source, three pools: this project's (with threadpool.h), Wine's
 * (built with mingw-w64, where threadpool.h is <windows.h>), and WinPR's
 * (-DBENCH_WINPR). A fresh item is TrySubmitThreadpoolCallback. WinPR 2
 * refuses that call, so there a fresh item is a work object made, submitted
 * and closed by its own callback, which is what the call stands for.
 *
 * Work goes to the default pool, except when as few threads as possible
 * are asked for: then to a pool of our own with a maximum of one.
 */

#ifdef BENCH_WINPR
#include <winpr/pool.h>
#include <winpr/synch.h>
#define LEAST_THREADS 4			/* whatever minimum and maximum say */
#else
#include "threadpool.h"
#define LEAST_THREADS 1
#endif

#include <stddef.h>
#include <stdlib.h>

#include "bench.h"

static PTP_POOL pool;			/* NULL for the default pool */
static TP_CALLBACK_ENVIRON environment;
static PTP_CALLBACK_ENVIRON env;	/* NULL, or &environment */
static PTP_WORK prepared;		/* the object of peer_repost */

static VOID CALLBACK
run_prepared(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	bench_item(context);
}

#ifdef BENCH_WINPR

static VOID CALLBACK
run_fresh(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	bench_item(context);
	CloseThreadpoolWork(work);
}

static BOOL
submit_fresh(void *item)
{
	PTP_WORK work = CreateThreadpoolWork(run_fresh, item, env);

	if (work == NULL)
		return FALSE;
	SubmitThreadpoolWork(work);
	return TRUE;
}

#else

static VOID CALLBACK
run_fresh(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	bench_item(context);
}

static BOOL
submit_fresh(void *item)
{
	return TrySubmitThreadpoolCallback(run_fresh, item, env);
}

#endif

int
peer_open(int lanes, int workers)
{
	(void)lanes;
	if (workers == 0)
		return 0;
	pool = CreateThreadpool(NULL);
	if (pool == NULL)
		bench_fail("CreateThreadpool failed");
	SetThreadpoolThreadMaximum(pool, (DWORD)workers);
	if (!SetThreadpoolThreadMinimum(pool, (DWORD)workers))
		bench_fail("SetThreadpoolThreadMinimum failed");
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	env = &environment;
	return workers < LEAST_THREADS ? LEAST_THREADS : workers;
}

void
peer_post(int lane, void *item)
{
	(void)lane;
	if (!submit_fresh(item))
		bench_fail("a fresh item was refused");
}

int
peer_prepare(void *item)
{
	prepared = CreateThreadpoolWork(run_prepared, item, env);
	if (prepared == NULL)
		bench_fail("CreateThreadpoolWork failed");
	return 1;
}

void
peer_repost(int lane)
{
	(void)lane;
	SubmitThreadpoolWork(prepared);
}

void
peer_finish(int lane)
{
	(void)lane;
}

void
peer_sleep(unsigned ms)
{
	Sleep(ms);
}

void
peer_close(void)
{
	if (prepared) {
		WaitForThreadpoolWorkCallbacks(prepared, FALSE);
		CloseThreadpoolWork(prepared);
	}
	if (pool)
		CloseThreadpool(pool);
}

#ifndef BENCH_WINPR

/*
 * Timers and waits. A signal is an event that resets itself. A callback sets
 * its wait again, as programs do that wait for the next signal.
 *
 * Wine keeps timers in a sorted list and has a thread for every 63 waits, so
 * there are not as many of either.
 */

/* An event, and the wait for it. */
struct source {
	HANDLE event;
	PTP_WAIT wait;
	void *item;
};

long
peer_most_timers(void)
{
#ifdef _WIN32
	return 1000;
#else
	return 1000000;
#endif
}

long
peer_most_waits(void)
{
#ifdef _WIN32
	return 10000;
#else
	return 100000;
#endif
}

static VOID CALLBACK
run_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance;
	(void)timer;
	bench_item(context);
}

void *
peer_timer_new(void *item)
{
	PTP_TIMER timer = CreateThreadpoolTimer(run_timer, item, env);

	if (timer == NULL)
		bench_fail("CreateThreadpoolTimer failed");
	return timer;
}

void
peer_timer_set(void *timer, int64_t ns)
{
	ULONGLONG due = (ULONGLONG)-((ns + 99) / 100);
	FILETIME time = { (DWORD)due, (DWORD)(due >> 32) };

	SetThreadpoolTimer(timer, &time, 0, 0);
}

void
peer_timer_cancel(void *timer)
{
	SetThreadpoolTimer(timer, NULL, 0, 0);
}

void
peer_timer_free(void *timer)
{
	CloseThreadpoolTimer(timer);
}

void *
peer_signal_new(void)
{
	struct source *source = calloc(1, sizeof(*source));

	if (source)
		source->event = CreateEventW(NULL, FALSE, FALSE, NULL);
	if (source == NULL || source->event == NULL)
		bench_fail("CreateEvent failed");
	return source;
}

void
peer_signal(void *source)
{
	SetEvent(((struct source *)source)->event);
}

void
peer_signal_free(void *source)
{
	CloseHandle(((struct source *)source)->event);
	free(source);
}

static VOID CALLBACK
run_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
    TP_WAIT_RESULT result)
{
	struct source *source = context;

	(void)instance;
	(void)result;
	bench_item(source->item);
	SetThreadpoolWait(wait, source->event, NULL);
}

void *
peer_wait_new(void *source, void *item)
{
	struct source *s = source;

	s->item = item;
	s->wait = CreateThreadpoolWait(run_wait, s, env);
	if (s->wait == NULL)
		bench_fail("CreateThreadpoolWait failed");
	return s;
}

void
peer_wait_set(void *wait)
{
	struct source *source = wait;

	SetThreadpoolWait(source->wait, source->event, NULL);
}

void
peer_wait_unset(void *wait)
{
	SetThreadpoolWait(((struct source *)wait)->wait, NULL, NULL);
}

/* A callback that still runs sets it again: it is unset after that, too. */
void
peer_wait_free(void *wait)
{
	struct source *source = wait;

	WaitForThreadpoolWaitCallbacks(source->wait, FALSE);
	peer_wait_unset(source);
	CloseThreadpoolWait(source->wait);
}

void
peer_loop_turn(void)
{
}

void
peer_loop_start(void)
{
}

void
peer_loop_stop(void)
{
}

#endif
