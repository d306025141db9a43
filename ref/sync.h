/* sync.h - locks, sleeping, threads and the clocks */
/* SPDX-License-Identifier: MIT */
/*
 * Everything in the pool that blocks, wakes, makes a thread or asks for the
 * time does it through these functions, and sync.c is the only file that
 * calls the system for it. Whoever wants to control the schedule or the
 * clock has one place to take hold of.
 *
 * Time: 100 ns ticks, as in a FILETIME. tp_now counts from an arbitrary
 * start and never steps (deadlines are of this clock); tp_wall counts from
 * 1601 and follows the system clock.
 *
 * Lock order: a thread takes locks in the order of their ranks, lowest
 * first, and never two of one rank. The checking build (TP_CHECK) watches
 * each thread and stops at the first step out of line, with both names.
 */
#ifndef SYNC_H
#define SYNC_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef TP_CHECK
#define TP_CHECK 1
#endif

typedef int64_t tp_time;		/* 100 ns ticks */

#define TP_MS		((tp_time)10000)	/* ticks per millisecond */
#define TP_FOREVER	INT64_MAX

/* In the order in which a thread may take them. */
enum tp_rank {
	TP_RANK_CHOICE,		/* held while a back end is opened */
	TP_RANK_BIRTH,		/* held while a thread is made */
	TP_RANK_GROUP,		/* of a cleanup group */
	TP_RANK_WAITABLE,	/* tp_waitable_lock (dispatch.c) */
	TP_RANK_POOLS,		/* of the list of all pools (dump.c) */
	TP_RANK_POOL,		/* of a pool and its objects */
	TP_RANK_WORKER,		/* of one worker: guards its last moments */
	TP_RANK_LEAF		/* takes no other lock while held */
};

struct tp_mutex {
	pthread_mutex_t mutex;
#if TP_CHECK
	enum tp_rank rank;
#endif
};

struct tp_cond {
	pthread_cond_t cond;
};

#if TP_CHECK
#define TP_MUTEX_INIT(rank) { PTHREAD_MUTEX_INITIALIZER, (rank) }
#else
#define TP_MUTEX_INIT(rank) { PTHREAD_MUTEX_INITIALIZER }
#endif

void tp_mutex_init(struct tp_mutex *mutex, enum tp_rank rank);
void tp_mutex_destroy(struct tp_mutex *mutex);
void tp_lock(struct tp_mutex *mutex);
void tp_unlock(struct tp_mutex *mutex);

#if TP_CHECK
void tp_assert_held(const struct tp_mutex *mutex);
void tp_assert_no_locks(void);
#else
#define tp_assert_held(mutex) ((void)0)
#define tp_assert_no_locks() ((void)0)
#endif

/*
 * A condition variable is waited for with one mutex, in a loop:
 *
 *	while (!condition)
 *		tp_cond_wait(&cond, &mutex);
 */
void tp_cond_init(struct tp_cond *cond);
void tp_cond_destroy(struct tp_cond *cond);
void tp_cond_wait(struct tp_cond *cond, struct tp_mutex *mutex);
bool tp_cond_wait_until(struct tp_cond *cond, struct tp_mutex *mutex,
	tp_time deadline);
void tp_cond_signal(struct tp_cond *cond);
void tp_cond_broadcast(struct tp_cond *cond);

/*
 * Starts a detached thread that runs body(argument) with all signals
 * blocked but those of its own faults. stack: bytes; 0 for the system's
 * default. Allocates nothing of its own. Returns 0 or
 * ERROR_NOT_ENOUGH_MEMORY.
 */
uint32_t tp_thread_start(void *(*body)(void *argument), void *argument,
	size_t stack);

/* Names the calling thread for debuggers: at most 15 characters. */
void tp_thread_name(const char *name);

/*
 * Has the system wake the calling thread when its time-outs are over, and
 * not up to 50 us later, which it otherwise may in order to save power.
 */
void tp_thread_wake_punctually(void);

/* Is it the thread that main runs on? False where one cannot know. */
bool tp_thread_is_main(void);

/* The size of a thread's stack, and of a page of memory. Bytes. */
size_t tp_thread_stack(void);
size_t tp_page_size(void);

void tp_thread_yield(void);
void tp_thread_sleep(tp_time ticks);
unsigned tp_processors(void);

/*
 * A thread that is cancelled (pthread_cancel) under a lock keeps it for
 * ever. So whatever blocks under one, and would be a place to be cancelled
 * at, stands between these two; the second gets what the first returned.
 */
static inline int
tp_cancel_later(void)
{
	int before;

	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
	return before;
}

static inline void
tp_cancel_again(int before)
{
	(void)pthread_setcancelstate(before, NULL);
}

tp_time tp_now(void);
tp_time tp_wall(void);

/* now + ticks, or TP_FOREVER where that is not a number. */
static inline tp_time
tp_time_after(tp_time now, tp_time ticks)
{
	return ticks > TP_FOREVER - now ? TP_FOREVER : now + ticks;
}

#endif /* SYNC_H */
