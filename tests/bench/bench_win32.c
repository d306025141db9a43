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
