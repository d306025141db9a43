/* legacy.c - where legacy callbacks run, and how their objects end */
/* SPDX-License-Identifier: MIT */
/*
 * The old pool had four kinds of threads; its flags chose among them. The
 * new one has workers. Two kinds of threads remain as pools of one thread,
 * because what programs have of them is an order: the wait thread and the
 * timer thread.
 *
 * To end a registered wait or a queue timer is to take its trigger away and
 * then to wait for what is queued and runs, or not. The three ways of
 * waiting are the three values of CompletionEvent: not at all (NULL), on
 * this thread (INVALID_HANDLE_VALUE), or by an event. The event costs no
 * thread: the object is freed when the last callback has returned, whoever
 * frees it sets the event.
 *
 * Interface: legacy_environ, legacy_ending, legacy_check_wait, legacy_end,
 * legacy_over.
 *
 * Locks: none here; the engine's functions take theirs.
 */
#include "legacy.h"

/*
 * The environment for callbacks with these flags. A persistent callback
 * runs on the timer thread, as it always did, which then does not end.
 */
void
legacy_environ(TP_CALLBACK_ENVIRON *environ, ULONG flags)
{
	InitializeThreadpoolEnvironment(environ);
	if ((flags & WT_EXECUTEINWAITTHREAD) != 0)
		SetThreadpoolCallbackPool(environ,
			tp_pool_single(TP_SINGLE_WAIT));
	else if ((flags & (WT_EXECUTEINTIMERTHREAD |
	    WT_EXECUTEINPERSISTENTTHREAD)) != 0)
		SetThreadpoolCallbackPool(environ,
			tp_pool_single(TP_SINGLE_TIMER));
	if ((flags & WT_EXECUTELONGFUNCTION) != 0)
		SetThreadpoolCallbackRunsLong(environ);
	if ((flags & WT_EXECUTEINPERSISTENTTHREAD) != 0)
		SetThreadpoolCallbackPersistent(environ);
}

/* Reads a CompletionEvent. False, with the last error: it is no event. */
bool
legacy_ending(struct legacy_ending *ending, HANDLE completion)
{
	ending->blocks = completion == INVALID_HANDLE_VALUE;
	ending->event = NULL;
	if (completion == NULL || ending->blocks)
		return true;
	ending->event = tp_event_use(completion);
	return ending->event != NULL;
}

/*
 * Reports call, which blocks until the object's callbacks are over, if that
 * may never be: it is made by one of them, or on the only thread that runs
 * them.
 */
void
legacy_check_wait(struct tp_object *object, const char *call)
{
	TP_CALLBACK_INSTANCE *instance = tp_current_instance();

	(void)call;
	tp_object_check_wait(object, call);
	if (instance != NULL && instance->object->pool == object->pool &&
	    tp_pool_is_single(object->pool))
		tp_misuse(TP_MISUSE_ONE_THREAD, call, object);
}

/* Is it the callback of this object that makes the call? */
static bool
in_own_callback(const struct tp_object *object)
{
	const TP_CALLBACK_INSTANCE *instance = tp_current_instance();

	return instance != NULL && instance->object == object;
}

/*
 * Closes the object, and waits until nothing of it is queued or runs. In this
 * order, and with a reference of its own: whoever deletes the queue of the
 * timer meanwhile finds it closed, and lets go of it.
 */
static void
close_and_wait(struct tp_object *object)
{
	tp_object_lock(object);
	object->refs++;
	tp_object_unlock(object);
	tp_object_close(object);
	tp_object_wait(object, false);
	tp_object_release(object);
}

/*
 * Ends the object, which the checks know as closed. No callback is posted
 * any more; what is queued still runs.
 *
 * expects_itself: the callback that makes this call does not count.
 * Returns TRUE: nothing is queued or runs; FALSE with ERROR_IO_PENDING:
 * something may.
 * Locks: none held. Blocks, if the ending does.
 */
BOOL
legacy_end(struct legacy *legacy, const struct legacy_ending *ending,
	bool expects_itself)
{
	struct tp_object *object = &legacy->object;
	bool over;

	/* First: who looks after it sees the last post, or its return. */
	object->ops->disarm(object);
	over = ending->blocks || tp_object_is_idle(object) ||
		(expects_itself && in_own_callback(object));
	/* Before the close, after which anybody may free the object. */
	legacy->over = ending->event;
	if (ending->blocks)
		close_and_wait(object);
	else
		tp_object_close(object);
	if (!over)
		SetLastError(ERROR_IO_PENDING);
	return over;
}

/* For ops->end: the object's last callback has returned long since. */
void
legacy_over(struct tp_object *object)
{
	struct legacy *legacy = tp_container(object, struct legacy, object);

	if (legacy->over != NULL)
		tp_event_set_and_unuse(legacy->over);
}
