/* pools.c - private pools: made, limited and closed by the application */
/* SPDX-License-Identifier: MIT */
/*
 * Every object is bound to one pool for life: to the default pool, which
 * nobody makes and nobody closes, or to a private one that its environment
 * names. A pool is a queue and a set of threads, so a private one isolates:
 * what floods or blocks it does not touch the others.
 *
 * Interface: CreateThreadpool, CloseThreadpool, SetThreadpoolThreadMaximum,
 * SetThreadpoolThreadMinimum, SetThreadpoolStackInformation,
 * QueryThreadpoolStackInformation.
 *
 * The functions here check what they are given. What a pool does with it is
 * in the engine: ref/pool.c, and ref/factory.c for the threads.
 *
 * Locks: none here; the engine's functions take the pool lock.
 */
#include "engine.h"
#include "threadpool.h"

/*
 * Creates a private pool.
 *
 * reserved: must be NULL.
 * Fails: NULL; ERROR_INVALID_PARAMETER, ERROR_NOT_ENOUGH_MEMORY.
 * Locks: none. No thread is made yet.
 * Source: POOL-01, -02, -04.
 */
PTP_POOL WINAPI
CreateThreadpool(PVOID reserved)
{
	DWORD error = ERROR_INVALID_PARAMETER;
	PTP_POOL pool = NULL;

	tp_check_process("CreateThreadpool");
	if (reserved == NULL) {
		error = ERROR_NOT_ENOUGH_MEMORY;
		pool = tp_pool_new();
	}
	if (pool == NULL)
		SetLastError(error);
	return pool;
}

/*
 * Closes a private pool. Does not wait and cancels nothing: the pool goes
 * away when the last of its objects has, and with it its threads.
 *
 * Fails: misuse not-an-object, closed-object.
 * Locks: the pool's, briefly.
 * Source: POOL-19, -20.
 */
VOID WINAPI
CloseThreadpool(PTP_POOL ptpp)
{
	tp_check_close(ptpp, "pool", "CloseThreadpool");
	tp_pool_close(ptpp);
}

/*
 * Sets how many callbacks of the pool may run at once.
 *
 * cthrdMost: threads; 0 counts as 1 (POOL-14). Below the minimum it lowers
 * the minimum (POOL-13). Threads beyond it finish what they run and leave
 * (POOL-12); a higher one lets queued callbacks start at once (POOL-08).
 * Fails: misuse not-an-object, closed-object.
 * Locks: the pool's, briefly.
 * Differs: what the vendor leaves open is decided as those rules say.
 */
VOID WINAPI
SetThreadpoolThreadMaximum(PTP_POOL ptpp, DWORD cthrdMost)
{
	tp_check(ptpp, "pool", "SetThreadpoolThreadMaximum");
	tp_pool_set_maximum(ptpp, cthrdMost);
}

/*
 * Sets how many threads the pool keeps, and makes those that are missing.
 *
 * cthrdMic: threads. Above the maximum it raises the maximum (POOL-13).
 * Returns TRUE; FALSE if the threads cannot be made: the limits are as
 * before then.
 * Fails: ERROR_NOT_ENOUGH_MEMORY; misuse not-an-object, closed-object.
 * Locks: the pool's, briefly; waits for others who make threads for it.
 * Source: POOL-10, -11.
 */
BOOL WINAPI
SetThreadpoolThreadMinimum(PTP_POOL ptpp, DWORD cthrdMic)
{
	DWORD error;

	tp_check(ptpp, "pool", "SetThreadpoolThreadMinimum");
	error = tp_pool_set_minimum(ptpp, cthrdMic);
	if (error != 0)
		SetLastError(error);
	return error == 0;
}

/*
 * Sets the stack of threads that the pool makes from now on.
 *
 * ptpsi: StackReserve, bytes: the size of the stack, or the least one that
 * the system allows if that is more (POOL-41); StackCommit, bytes: carried
 * only, since POSIX systems commit memory when it is touched.
 * Returns TRUE; FALSE if ptpsi is NULL.
 * Fails: ERROR_INVALID_PARAMETER; misuse not-an-object, closed-object.
 * Locks: the pool's, briefly.
 * Source: POOL-40 to -43.
 */
BOOL WINAPI
SetThreadpoolStackInformation(PTP_POOL ptpp, PTP_POOL_STACK_INFORMATION ptpsi)
{
	tp_check(ptpp, "pool", "SetThreadpoolStackInformation");
	if (ptpsi == NULL) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return FALSE;
	}
	tp_pool_set_stack(ptpp, ptpsi);
	return TRUE;
}

/*
 * Says what was set last, or else what the system gives to every thread and
 * the size of a page.
 *
 * ptpsi: receives it.
 * Returns, fails, locks: as SetThreadpoolStackInformation.
 * Source: POOL-40, -43.
 */
BOOL WINAPI
QueryThreadpoolStackInformation(PTP_POOL ptpp,
	PTP_POOL_STACK_INFORMATION ptpsi)
{
	tp_check(ptpp, "pool", "QueryThreadpoolStackInformation");
	if (ptpsi == NULL) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return FALSE;
	}
	*ptpsi = tp_pool_stack(ptpp);
	return TRUE;
}
