/* work.c - work objects: a function to be called, as often as it is posted */
/* SPDX-License-Identifier: MIT */
/*
 * A work object adds to the callback object nothing but the function: it
 * has no trigger of its own, the application posts it. A simple callback is
 * a work object that the application never sees: created, posted and given
 * up in one call.
 *
 * Interface: CreateThreadpoolWork, SubmitThreadpoolWork,
 * WaitForThreadpoolWorkCallbacks, CloseThreadpoolWork,
 * TrySubmitThreadpoolCallback.
 *
 * Locks: none here; the engine's functions take the pool lock.
 */
#include <stdlib.h>

#include "engine.h"
#include "threadpool.h"

struct _TP_WORK {
	struct tp_object object;	/* first: it is freed as one */
	PTP_WORK_CALLBACK callback;	/* Read-only after init. */
};

struct simple {
	struct tp_object object;
	PTP_SIMPLE_CALLBACK callback;
};

static void
run_work(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	PTP_WORK work = tp_container(object, TP_WORK, object);

	work->callback(instance, object->context, work);
}

static void
run_simple(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	struct simple *simple = tp_container(object, struct simple, object);

	simple->callback(instance, object->context);
}

/* It starts: from here on only its post holds it. */
static void
claim_simple(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	(void)instance;
	(void)tp_object_let_go_locked(object);
}

static const struct tp_ops work_ops = { .kind = "work", .run = run_work };
static const struct tp_ops simple_ops = {
	.kind = "simple callback", .run = run_simple, .claim = claim_simple
};

/*
 * Memory for an object of a kind that begins with a callback object, made
 * with tp_object_init; NULL with the last error set if that fails.
 */
static struct tp_object *
create(size_t size, const struct tp_ops *ops, PVOID context,
	PTP_CALLBACK_ENVIRON environ)
{
	struct tp_object *object = calloc(1, size);
	DWORD error = ERROR_NOT_ENOUGH_MEMORY;

	if (object != NULL)
		error = tp_object_init(object, ops, context, environ);
	if (error != 0) {
		free(object);
		SetLastError(error);
		return NULL;
	}
	return object;
}

/*
 * Creates a work object. Nothing runs until it is submitted.
 *
 * pfnwk: the function to call; not NULL.
 * pv: passed to it as it is; may be NULL.
 * pcbe: read once, here (WORK-02); NULL: the default pool, normal priority.
 * Returns the object; NULL with the last error set on failure.
 * Fails: ERROR_INVALID_PARAMETER (pfnwk, or version or priority of pcbe),
 * ERROR_NOT_ENOUGH_MEMORY (memory, or the pool's first thread).
 * Locks: none held when it is called.
 * Source: WORK-01, -02, -24.
 */
PTP_WORK WINAPI
CreateThreadpoolWork(PTP_WORK_CALLBACK pfnwk, PVOID pv,
	PTP_CALLBACK_ENVIRON pcbe)
{
	struct tp_object *object;
	PTP_WORK work;

	tp_check_process("CreateThreadpoolWork");
	if (pfnwk == NULL) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	object = create(sizeof(*work), &work_ops, pv, pcbe);
	if (object == NULL)
		return NULL;
	work = tp_container(object, TP_WORK, object);
	work->callback = pfnwk;
	tp_object_open(object, (tp_code)pfnwk);
	return work;
}

/*
 * Posts the object once: one call of its function, on a thread of its pool.
 * Posts add up; several may run at once. Allocates nothing, cannot fail.
 *
 * Fails: misuse closed-object, not-an-object, closed-pool.
 * Locks: none held. The callback may have closed the object on return.
 * Source: WORK-03, -04, -05, -07.
 */
VOID WINAPI
SubmitThreadpoolWork(PTP_WORK pwk)
{
	tp_check(pwk, "work", "SubmitThreadpoolWork");
	tp_object_check_pool(&pwk->object, "SubmitThreadpoolWork");
	tp_object_post(&pwk->object);
}

/*
 * Waits until nothing of the object is queued or running.
 *
 * fCancelPendingCallbacks: TRUE drops the posts that have not started
 * before it waits; FALSE lets them run.
 * Fails: misuse closed-object, not-an-object, self-wait.
 * Locks: none held. Blocks; a pool's worker that calls it may be replaced.
 * Source: WORK-08 to WORK-15, -20.
 */
VOID WINAPI
WaitForThreadpoolWorkCallbacks(PTP_WORK pwk, BOOL fCancelPendingCallbacks)
{
	tp_check(pwk, "work", "WaitForThreadpoolWorkCallbacks");
	tp_object_check_wait(&pwk->object, "WaitForThreadpoolWorkCallbacks");
	tp_object_wait(&pwk->object, fCancelPendingCallbacks != FALSE);
}

/*
 * Lets go of the object. Returns at once; what is posted still runs, and
 * the object is freed after the last of it. Its own callback may call this.
 *
 * Fails: misuse closed-object, not-an-object.
 * Locks: none held.
 * Source: WORK-17, -18.
 */
VOID WINAPI
CloseThreadpoolWork(PTP_WORK pwk)
{
	tp_check_close(pwk, "work", "CloseThreadpoolWork");
	tp_object_close(&pwk->object);
}

/*
 * Calls a function once on a thread of the pool. The item behind it is
 * allocated here, so this call can fail, and frees itself.
 *
 * pfns: the function; not NULL. pv: passed to it. pcbe: as for
 * CreateThreadpoolWork.
 * Returns TRUE; FALSE with the last error set: nothing will run.
 * Fails: as CreateThreadpoolWork; misuse closed-pool.
 * Locks: none held.
 * Source: WORK-21, -22.
 */
BOOL WINAPI
TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK pfns, PVOID pv,
	PTP_CALLBACK_ENVIRON pcbe)
{
	struct tp_object *object;
	struct simple *simple;

	tp_check_process("TrySubmitThreadpoolCallback");
	if (pfns == NULL) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return FALSE;
	}
	object = create(sizeof(*simple), &simple_ops, pv, pcbe);
	if (object == NULL)
		return FALSE;
	simple = tp_container(object, struct simple, object);
	simple->callback = pfns;
	tp_object_post_once(object, (tp_code)pfns);
	return TRUE;
}
