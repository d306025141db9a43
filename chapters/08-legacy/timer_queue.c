/* timer_queue.c - timer queues and their timers */
/* SPDX-License-Identifier: MIT */
/*
 * A timer queue is a cleanup group under an older name: it knows its timers,
 * so that they can be ended together. A queue timer is a timer object whose
 * callback is told less, and whose times are relative and in milliseconds.
 *
 * Interface: CreateTimerQueue, CreateTimerQueueTimer, ChangeTimerQueueTimer,
 * DeleteTimerQueueTimer, DeleteTimerQueueEx, DeleteTimerQueue.
 *
 * A queue lives until its last timer has been freed (group.h), and a timer
 * until its last callback has returned; so an event that is to say that a
 * queue is over is set when the queue is freed. The default queue is none:
 * its timers belong to no group.
 *
 * Locks: tp_waitable_lock guards what can be set.
 */
#include <stdlib.h>

#include "legacy.h"

struct queue_timer {
	struct legacy legacy;		/* first: it is freed as one */
	bool once;			/* Read-only after init. */

	/* Guarded by tp_waitable_lock. */
	struct tp_due due;
	DWORD period;			/* ms; 0: once */
	bool expired;			/* for good: it was for once */
	bool closed;			/* it cannot be changed any more */
};

struct timer_queue {
	struct tp_group group;		/* first: it is freed as one */

	/* Written by whoever deletes the queue, before that. NULL: none. */
	struct tp_waitable *over;	/* an event, in use */

#if TP_CHECK
	struct tp_registered registered;
#endif
};

/* ---- Timers ---- */

static void
run(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	struct legacy *legacy = tp_container(object, struct legacy, object);

	(void)instance;
	legacy->callback(object->context, TRUE);
}

/* See struct tp_due. */
static void
expire(struct tp_due *due)
{
	struct queue_timer *timer =
		tp_container(due, struct queue_timer, due);

	if (timer->period > 0)
		tp_due_set_locked(due,
			tp_due_next(due, timer->period * TP_MS), 0, false);
	else
		timer->expired = true;
	tp_object_post_locked(&timer->legacy.object, NULL);
}

static void
set_locked(struct queue_timer *timer, DWORD due, DWORD period)
{
	timer->period = period;
	tp_due_start_locked(&timer->due, -(int64_t)due * TP_MS, 0);
}

static void
disarm(struct tp_object *object)
{
	struct queue_timer *timer =
		tp_container(object, struct queue_timer, legacy.object);

	tp_lock(&tp_waitable_lock);
	tp_due_cancel_locked(&timer->due);
	timer->closed = true;
	tp_waitable_unlock();
}

static const struct tp_ops queue_timer_ops = {
	.kind = "queue timer", .run = run, .disarm = disarm,
	.end = legacy_over, .due = offsetof(struct queue_timer, due)
};

/* A timer that is not set yet. 0 or an error code. */
static DWORD
create(struct queue_timer **result, struct timer_queue *queue,
	WAITORTIMERCALLBACK callback, PVOID context, ULONG flags)
{
	DWORD error = tp_dispatcher_start();
	struct queue_timer *timer;
	TP_CALLBACK_ENVIRON environ;

	if (error != 0)
		return error;
	legacy_environ(&environ, flags & ~(ULONG)WT_EXECUTEINWAITTHREAD);
	timer = calloc(1, sizeof(*timer));
	error = timer == NULL ? ERROR_NOT_ENOUGH_MEMORY :
		tp_object_init(&timer->legacy.object, &queue_timer_ops,
			context, &environ);
	if (error != 0) {
		free(timer);
		return error;
	}
	timer->legacy.callback = callback;
	timer->once = (flags & WT_EXECUTEONLYONCE) != 0;
	timer->legacy.object.group = queue != NULL ? &queue->group : NULL;
	timer->due.expire = expire;
	tp_object_open(&timer->legacy.object, (tp_code)callback);
	*result = timer;
	return 0;
}

/*
 * Creates a timer and sets it.
 *
 * phNewTimer: where its handle goes, before the first callback starts. Not
 * NULL.
 * TimerQueue: what it belongs to; NULL: the default queue.
 * Callback: the function; not NULL. It gets Parameter, which may be NULL, and
 * TRUE.
 * DueTime: ms from now; 0: at once. Period: ms from one due time to the next;
 * 0: once.
 * Flags: WT_EXECUTEINTIMERTHREAD: on the timer thread, one callback after the
 * other; WT_EXECUTEONLYONCE: Period must be 0; WT_EXECUTELONGFUNCTION and
 * WT_EXECUTEINPERSISTENTTHREAD as for QueueUserWorkItem; others change
 * nothing.
 * Returns TRUE; FALSE with the last error set. Every timer has to be deleted,
 * or its queue, also one that was for once.
 * Fails: ERROR_INVALID_PARAMETER (a NULL, or a period for once),
 * ERROR_NOT_ENOUGH_MEMORY; misuse closed-object, not-an-object (TimerQueue).
 * Locks: none held. Source: LEGACY-36 to -38, -56 to -58, -60.
 */
BOOL WINAPI
CreateTimerQueueTimer(PHANDLE phNewTimer, HANDLE TimerQueue,
	WAITORTIMERCALLBACK Callback, PVOID Parameter, DWORD DueTime,
	DWORD Period, ULONG Flags)
{
	bool once = (Flags & WT_EXECUTEONLYONCE) != 0;
	DWORD error = ERROR_INVALID_PARAMETER;
	struct queue_timer *timer = NULL;

	tp_check_process("CreateTimerQueueTimer");
	if (TimerQueue != NULL)
		tp_check(TimerQueue, "timer queue", "CreateTimerQueueTimer");
	if (phNewTimer != NULL && Callback != NULL && !(once && Period > 0))
		error = create(&timer, TimerQueue, Callback, Parameter,
			Flags);
	if (error != 0) {
		SetLastError(error);
		return FALSE;
	}
	*phNewTimer = timer;	/* the callback may come at once */
	tp_lock(&tp_waitable_lock);
	set_locked(timer, DueTime, Period);
	tp_waitable_unlock();
	return TRUE;
}

/* Is it a timer? TimerQueue is not looked at: LEGACY-51. */
static bool
is_timer(HANDLE handle, const char *call)
{
	(void)call;
	if (handle == NULL) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return false;
	}
	tp_check(handle, "queue timer", call);
	return true;
}

/*
 * Is it the timer whose callback makes the call? It lives until that returns,
 * whoever deletes it. Nothing is known of the handle.
 */
static bool
is_own(HANDLE handle, const char *call)
{
	const TP_CALLBACK_INSTANCE *instance = tp_current_instance();

	(void)call;
	if (instance == NULL || handle != instance->object ||
	    instance->object->ops != &queue_timer_ops)
		return false;
	tp_check_fork(call, handle);
	return true;
}

/*
 * Sets a timer anew. One that was for once and has expired stays as it is.
 *
 * TimerQueue: what it belongs to; not looked at.
 * Timer: the timer. DueTime: ms from now. Period: ms; 0: once.
 * Returns TRUE, also if there was nothing to do.
 * Fails: FALSE and ERROR_INVALID_PARAMETER (NULL, or a period for once);
 * misuse closed-object, not-an-object.
 * Locks: none held. The timer's own callback may call it, even if somebody has
 * deleted the timer meanwhile: then there is nothing to do.
 * Source: LEGACY-48 to -51, -58.
 */
BOOL WINAPI
ChangeTimerQueueTimer(HANDLE TimerQueue, HANDLE Timer, ULONG DueTime,
	ULONG Period)
{
	struct queue_timer *timer = Timer;
	bool good = true;

	(void)TimerQueue;
	if (!is_own(Timer, "ChangeTimerQueueTimer") &&
	    !is_timer(Timer, "ChangeTimerQueueTimer"))
		return FALSE;
	tp_lock(&tp_waitable_lock);
	/* Under the lock of disarm: who has deleted it is not undone. */
	if (!timer->expired && !timer->closed) {
		good = !timer->once || Period == 0;
		if (good)
			set_locked(timer, DueTime, Period);
	}
	tp_waitable_unlock();
	if (!good)
		SetLastError(ERROR_INVALID_PARAMETER);
	return good;
}

/*
 * Ends a timer: it expires no more. What is queued still runs.
 *
 * TimerQueue: what it belongs to; not looked at.
 * Timer: the timer. It means nothing any more, whatever this returns.
 * CompletionEvent: NULL: returns at once; an event: as well, and it is set
 * when no callback is queued or runs, perhaps before; INVALID_HANDLE_VALUE:
 * returns then, with TRUE.
 * Returns TRUE: no callback is queued or runs; FALSE with ERROR_IO_PENDING:
 * one is, or is just returning. The timer has been ended either way.
 * Fails: ERROR_INVALID_PARAMETER (NULL), ERROR_INVALID_HANDLE
 * (CompletionEvent is no event: nothing is ended). Misuse closed-object,
 * not-an-object; self-wait, one-thread: it would wait for the callback that
 * makes the call, or on the thread that has to run it.
 * Locks: none held. Source: LEGACY-39 to -47, -51, -55.
 */
BOOL WINAPI
DeleteTimerQueueTimer(HANDLE TimerQueue, HANDLE Timer,
	HANDLE CompletionEvent)
{
	struct queue_timer *timer = Timer;
	struct legacy_ending ending;

	(void)TimerQueue;
	if (!is_timer(Timer, "DeleteTimerQueueTimer") ||
	    !legacy_ending(&ending, CompletionEvent))
		return FALSE;
	/* Of two threads that delete it at once, one gets beyond this. */
	tp_check_close(Timer, "queue timer", "DeleteTimerQueueTimer");
	if (ending.blocks)
		legacy_check_wait(&timer->legacy.object,
			"DeleteTimerQueueTimer");
	return legacy_end(&timer->legacy, &ending, false);
}

/* ---- Queues ---- */

/* Its last timer is gone, and so are its callbacks. */
static void
end_queue(struct tp_group *group)
{
	struct timer_queue *queue =
		tp_container(group, struct timer_queue, group);

	if (queue->over != NULL)
		tp_event_set_and_unuse(queue->over);
}

/*
 * Creates a queue for timers.
 *
 * Returns the queue; NULL with the last error set on failure.
 * Fails: ERROR_NOT_ENOUGH_MEMORY.
 * Locks: none held. Source: LEGACY-38, -52.
 */
HANDLE WINAPI
CreateTimerQueue(VOID)
{
	struct timer_queue *queue;

	tp_check_process("CreateTimerQueue");
	queue = calloc(1, sizeof(*queue));
	if (queue == NULL) {
		SetLastError(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	tp_group_init(&queue->group);
	queue->group.end = end_queue;
	tp_register(&queue->registered, queue, "timer queue");
	return queue;
}

/*
 * Does one thing with each of the first count timers, which are held. What it
 * has done with may be gone.
 */
static void
each(struct tp_group *group, unsigned count,
	void (*act)(struct tp_object *timer))
{
	struct tp_object *timer, *next = NULL;

	if (count > 0)
		next = tp_group_next(group, NULL);
	for (; count > 0; count--) {
		timer = next;
		if (count > 1)
			next = tp_group_next(group, timer);
		act(timer);
	}
}

static void
check_wait(struct tp_object *timer)
{
	legacy_check_wait(timer, "DeleteTimerQueueEx");
}

static void
wait_for(struct tp_object *timer)
{
	(void)tp_object_wait_idle(timer);
}

static void
close_and_release(struct tp_object *timer)
{
	(void)tp_object_end(timer, "DeleteTimerQueueEx");
	tp_object_release(timer);
}

/* Ends all timers; blocks: until nothing of them is queued or runs. */
static void
end_all(struct tp_group *group, bool blocks)
{
	unsigned count = tp_group_hold(group);

	each(group, count, disarm);	/* no callback can undo it */
	if (blocks) {
		each(group, count, check_wait);
		each(group, count, wait_for);
	}
	each(group, count, close_and_release);
	tp_group_done(group);
}

/*
 * Ends a queue with all its timers: they expire no more. What is queued
 * still runs.
 *
 * TimerQueue: the queue. It means nothing any more, nor do its timers.
 * CompletionEvent: NULL: returns TRUE at once; an event: returns at once, and
 * it is set when no callback is queued or runs, perhaps before;
 * INVALID_HANDLE_VALUE: returns then, with TRUE.
 * Returns TRUE: the event, if any, is set; with an event FALSE and
 * ERROR_IO_PENDING: a callback is queued or runs, or is just returning. The
 * queue has been ended either way.
 * Fails: ERROR_INVALID_HANDLE (NULL: the default queue stays; or
 * CompletionEvent is no event, and nothing is ended). Misuse closed-object,
 * not-an-object; self-wait, one-thread: it would wait for the callback that
 * makes the call, or on the timer thread.
 * Locks: none held. Source: LEGACY-52 to -54.
 */
BOOL WINAPI
DeleteTimerQueueEx(HANDLE TimerQueue, HANDLE CompletionEvent)
{
	struct timer_queue *queue = TimerQueue;
	struct legacy_ending ending;

	if (TimerQueue == NULL) {
		SetLastError(ERROR_INVALID_HANDLE);
		return FALSE;
	}
	tp_check(TimerQueue, "timer queue", "DeleteTimerQueueEx");
	if (!legacy_ending(&ending, CompletionEvent))
		return FALSE;
	tp_check_close(TimerQueue, "timer queue", "DeleteTimerQueueEx");
	end_all(&queue->group, ending.blocks);
	/* While the handle holds the queue: then the last timer may free it. */
	queue->over = ending.event;
	if (tp_group_unref(&queue->group) || ending.event == NULL)
		return TRUE;		/* the event, if any, is set */
	SetLastError(ERROR_IO_PENDING);
	return FALSE;
}

/*
 * DeleteTimerQueueEx with NULL: nobody learns when the callbacks are over.
 * Source: LEGACY-54.
 */
BOOL WINAPI
DeleteTimerQueue(HANDLE TimerQueue)
{
	return DeleteTimerQueueEx(TimerQueue, NULL);
}
