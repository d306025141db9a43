/* legacy.h - what the suites of the legacy pool have in common */
/* SPDX-License-Identifier: MIT */
/*
 * A witness stands for the callbacks of one registered wait or one queue
 * timer: it counts them, by what they were told, may hold them back at a
 * gate, and may write them into a diary (timing.h): a small letter for
 * TimerOrWaitFired TRUE, the capital one for FALSE.
 *
 * A belfry is a timer queue whose timers ring bells, and a diary. Most of
 * its timers are in order: on the timer thread, whose callbacks run one after
 * the other, as their due times come.
 *
 * All of this runs in the default pool, and on the two threads that the old
 * pool has besides. Since a work item cannot be waited for, settle waits until
 * none of them has anything left to do.
 *
 * Everything here is inline: a suite takes what it needs.
 */
#ifndef LEGACY_SUITES_H
#define LEGACY_SUITES_H

#include "kernel.h"
#include "posts.h"
#include "timing.h"

#define IN_ORDER	WT_EXECUTEINTIMERTHREAD
#define NEVER_MS	"86400000"	/* beyond the end of explored time */

/* ---- The pools ---- */

/* What the pools read when they are used first, in this process. */
static inline void
set_pools(const char *processors, const char *stall_ms)
{
	setenv("TP_PROCESSORS", processors, 1);
	setenv("TP_STALL_MS", stall_ms, 1);
}

/* So many threads from now on, in the default pool. */
static inline void
set_maximum(unsigned threads)
{
	tp_pool_set_maximum(tp_pool_default(), threads);
}

static inline bool
has_nothing_to_do(TP_POOL *pool)
{
	bool nothing;

	tp_lock(&pool->lock);
	nothing = pool->running == 0 && pool->queue.posts == 0;
	tp_unlock(&pool->lock);
	return nothing;
}

static inline bool
all_is_done(void *unused)
{
	(void)unused;
	return has_nothing_to_do(tp_pool_default()) &&
		has_nothing_to_do(tp_pool_single(TP_SINGLE_WAIT)) &&
		has_nothing_to_do(tp_pool_single(TP_SINGLE_TIMER));
}

static inline void
settle(void)
{
	await(all_is_done, NULL);
}

/* ---- Looking inside ---- */

static inline bool
is_idle(void *handle)
{
	return tp_object_is_idle(handle);
}

static inline bool
is_pending(void *handle)
{
	return pending_of(handle) > 0;
}

/* ---- Work items ---- */

static inline DWORD WINAPI
count_item(PVOID tally)
{
	tally_add(tally);
	return 0;
}

static inline DWORD WINAPI
hold_item(PVOID gate)
{
	gate_wait(gate);
	return 0;
}

static inline void
queue_item(LPTHREAD_START_ROUTINE function, PVOID context, ULONG flags)
{
	ck_assert(QueueUserWorkItem(function, context, flags));
}

/* Items, or other callbacks, that know how many of them run at once. */
struct crowd {
	LONG volatile inside, most;
	struct tally runs;
};

#define CROWD_INIT { .runs = TALLY_INIT }

static inline DWORD WINAPI
enter_and_leave(PVOID context)
{
	struct crowd *crowd = context;
	LONG inside = InterlockedIncrement(&crowd->inside), most;

	do {
		most = InterlockedCompareExchange(&crowd->most, 0, 0);
	} while (inside > most && InterlockedCompareExchange(&crowd->most,
		inside, most) != most);
	Sleep(1);		/* so that the others can come, too */
	InterlockedDecrement(&crowd->inside);
	tally_add(&crowd->runs);
	return 0;
}

/* ---- Witnesses ---- */

struct witness {
	struct tally started;
	struct tally fired, signals;	/* told TRUE, told FALSE */
	struct gate *gate;		/* each waits there; NULL: none */
	struct diary *diary;		/* NULL: none */
	char name;			/* in the diary */
	LONG volatile thread;		/* the last one's */
};

#define WITNESS_INIT { .started = TALLY_INIT, .fired = TALLY_INIT, \
	.signals = TALLY_INIT, .name = 'w' }

static inline VOID CALLBACK
testify(PVOID context, BOOLEAN fired)
{
	struct witness *witness = context;
	char name = witness->name;

	InterlockedExchange(&witness->thread, (LONG)GetCurrentThreadId());
	if (witness->diary != NULL)
		diary_write(witness->diary, fired ? name :
			(char)toupper((unsigned char)name));
	tally_add(&witness->started);
	if (witness->gate != NULL)
		gate_wait(witness->gate);
	tally_add(fired ? &witness->fired : &witness->signals);
}

/* So it was told, until now. */
static inline void
assert_heard(struct witness *witness, unsigned long signals,
	unsigned long fired)
{
	ck_assert_uint_eq(tally_read(&witness->signals), signals);
	ck_assert_uint_eq(tally_read(&witness->fired), fired);
}

static inline DWORD
thread_of(struct witness *witness)
{
	return (DWORD)InterlockedCompareExchange(&witness->thread, 0, 0);
}

/* ---- Registered waits ---- */

static inline HANDLE
watch(HANDLE object, struct witness *witness, ULONG ms, ULONG flags)
{
	HANDLE wait = NULL;

	ck_assert(RegisterWaitForSingleObject(&wait, object, testify,
		witness, ms, flags));
	ck_assert_ptr_nonnull(wait);
	return wait;
}

/* The safe end: nothing of it runs any more. */
static inline void
unwatch(HANDLE wait)
{
	ck_assert(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
}

/* ---- Queue timers ---- */

static inline HANDLE
timer_in(HANDLE queue, struct witness *witness, DWORD due, DWORD period,
	ULONG flags)
{
	HANDLE timer = NULL;

	ck_assert(CreateTimerQueueTimer(&timer, queue, testify, witness, due,
		period, flags));
	ck_assert_ptr_nonnull(timer);
	return timer;
}

/*
 * Due so soon, where nobody can be late; natively never, lest it come before
 * the call that takes it away.
 */
static inline DWORD
soon(DWORD ms)
{
	return exact() ? ms : DAY_MS;
}

/* The safe end of a timer, of whatever queue. */
static inline void
delete_timer(HANDLE timer)
{
	ck_assert(DeleteTimerQueueTimer(NULL, timer, INVALID_HANDLE_VALUE));
}

struct belfry {
	HANDLE queue;
	struct diary diary;
	struct witness bells[5];	/* a to e */
};

static inline void
belfry_open(struct belfry *belfry)
{
	belfry->queue = CreateTimerQueue();
	ck_assert_ptr_nonnull(belfry->queue);
	for (int i = 0; i < 5; i++) {
		belfry->bells[i] = (struct witness)WITNESS_INIT;
		belfry->bells[i].name = (char)('a' + i);
		belfry->bells[i].diary = &belfry->diary;
	}
	diary_open(&belfry->diary);
}

static inline struct witness *
bell_in(struct belfry *belfry, char name)
{
	return &belfry->bells[name - 'a'];
}

/* A timer that rings the bell of that name. */
static inline HANDLE
hang(struct belfry *belfry, char name, DWORD due, DWORD period, ULONG flags)
{
	return timer_in(belfry->queue, bell_in(belfry, name), due, period,
		flags);
}

/* Nothing rings any more; and the diary says this, and nothing else. */
static inline void
belfry_close(struct belfry *belfry, const char *expected)
{
	ck_assert(DeleteTimerQueueEx(belfry->queue, INVALID_HANDLE_VALUE));
	assert_diary(&belfry->diary, expected);
}

/* So much time goes by; what became due in order meanwhile has run. */
static inline void
pass_time(DWORD ms)
{
	struct witness later = WITNESS_INIT;
	HANDLE timer = timer_in(NULL, &later, ms, 0, IN_ORDER);

	tally_await(&later.fired, 1);
	delete_timer(timer);
}

/* ---- Ending on a thread of its own ---- */

/* What is ended, and how many callbacks had finished when that was over. */
struct ending {
	HANDLE handle;
	BOOL (*end)(HANDLE handle);
	struct witness *witness;
	unsigned long seen;
};

static inline BOOL
unregister_and_wait(HANDLE wait)
{
	return UnregisterWaitEx(wait, INVALID_HANDLE_VALUE);
}

static inline BOOL
delete_and_wait(HANDLE timer)
{
	return DeleteTimerQueueTimer(NULL, timer, INVALID_HANDLE_VALUE);
}

static inline BOOL
delete_queue_and_wait(HANDLE queue)
{
	return DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE);
}

static inline DWORD
end_it(void *argument)
{
	struct ending *ending = argument;
	BOOL result = ending->end(ending->handle);

	ending->seen = tally_read(&ending->witness->fired) +
		tally_read(&ending->witness->signals);
	return (DWORD)result;
}

#endif /* LEGACY_SUITES_H */
