/* work_item.c - QueueUserWorkItem: a function to be called once */
/* SPDX-License-Identifier: MIT */
/*
 * A work item is a callback object that nobody can name: created, posted and
 * given up in one call. So it can be neither cancelled nor waited for
 * (LEGACY-02); who must know that it is over has the function say so.
 *
 * Interface: QueueUserWorkItem.
 *
 * Locks: none here; the engine's functions take the pool lock.
 */
#include <stdlib.h>

#include "legacy.h"

#define UNKNOWN_FLAGS	0x0000fe00
/* Those that do something to an item; the others are for waits and timers. */
#define ITEM_FLAGS	(WT_EXECUTELONGFUNCTION | WT_EXECUTEINPERSISTENTTHREAD)
#define LIMIT_SHIFT	16

struct work_item {
	struct tp_object object;	/* first: it is freed as one */
	LPTHREAD_START_ROUTINE function;
};

static void
run(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	struct work_item *item =
		tp_container(object, struct work_item, object);

	(void)instance;
	(void)item->function(object->context);
}

/* It starts: from here on only its post holds it. */
static void
claim(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	(void)instance;
	(void)tp_object_let_go_locked(object);
}

static const struct tp_ops work_item_ops = {
	.kind = "work item", .run = run, .claim = claim
};

/* 0 or an error code. */
static DWORD
queue(LPTHREAD_START_ROUTINE function, PVOID context, ULONG flags)
{
	ULONG limit = flags >> LIMIT_SHIFT;
	TP_CALLBACK_ENVIRON environ;
	struct work_item *item = calloc(1, sizeof(*item));
	DWORD error;

	if (item == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	legacy_environ(&environ, flags & ITEM_FLAGS);
	error = tp_object_init(&item->object, &work_item_ops, context,
		&environ);
	if (error != 0) {
		free(item);
		return error;
	}
	item->function = function;
	/* Before the post, after which the item may be gone. */
	if (limit > 0 && !tp_pool_is_single(item->object.pool))
		tp_pool_set_maximum(item->object.pool, limit);
	tp_object_post_once(&item->object, (tp_code)function);
	return 0;
}

/*
 * Calls a function once on a thread of the pool. The item behind it is
 * allocated here, so this call can fail, and frees itself.
 *
 * Function: not NULL; what it returns is ignored. Context: passed to it; may
 * be NULL.
 * Flags: WT_EXECUTE...; of these WT_EXECUTELONGFUNCTION lets the pool start
 * a thread for the next item at once, WT_EXECUTEINPERSISTENTTHREAD has the
 * function run on the timer thread, and the others change nothing. Bits 16
 * to 31 (WT_SET_MAX_THREADPOOL_THREADS): the maximum of the default pool
 * from now on; 0, or an item for the timer thread: as it is.
 * Returns TRUE; FALSE with the last error set: nothing will run.
 * Fails: ERROR_INVALID_PARAMETER (Function, unknown flags),
 * ERROR_NOT_ENOUGH_MEMORY (memory, or the pool's first thread).
 * Locks: none held.
 * Source: LEGACY-01 to -12, -61.
 * Differs: the limit holds; on Windows that is not certain (LEGACY-08).
 * Impersonation does not exist, so WT_TRANSFER_IMPERSONATION means nothing.
 */
BOOL WINAPI
QueueUserWorkItem(LPTHREAD_START_ROUTINE Function, PVOID Context,
	ULONG Flags)
{
	DWORD error = ERROR_INVALID_PARAMETER;

	tp_check_process("QueueUserWorkItem");
	if (Function != NULL && (Flags & UNKNOWN_FLAGS) == 0)
		error = queue(Function, Context, Flags);
	if (error != 0)
		SetLastError(error);
	return error == 0;
}
