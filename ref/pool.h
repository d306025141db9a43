/* pool.h - a pool, its queue and its workers: private to the engine */
/* SPDX-License-Identifier: MIT */
/*
 * What pool.c, wake.c, queue.c, factory.c, worker.c, long.c, object.c, quiet.c
 * and idle.c share. Chapters use engine.h.
 *
 * A pool lives as long as anybody needs it: the application's handle, each
 * worker and each deadline hold one of its refs, and objects bound to it
 * hold it too. Once it is closed and its last object is gone it is
 * finished: its workers leave, and the last one out frees it.
 */
#ifndef POOL_H
#define POOL_H

#include "engine.h"
#include "trace.h"

/* Callback objects that have posts to run, by priority, in turn. */
struct tp_queue {
	struct tp_list ready[TP_CALLBACK_PRIORITY_COUNT];
	unsigned long posts;		/* sum of pending over all of them */
};

struct _TP_POOL {
	/* Read-only after init. */
	const char *worker_name;	/* for debuggers */
	unsigned processors;		/* callbacks that make sense at once */
	tp_time idle_time;		/* until a superfluous worker leaves */
	tp_time stall_time;		/* until a still queue gets a thread */

	/* Taken before lock, by those who wait for a thread to be made. */
	struct tp_mutex birth;

	struct tp_mutex lock;

	/* Guarded by lock. */
	unsigned refs;			/* handle, workers, deadline */
	unsigned objects;		/* bound to this pool */
	struct tp_list bound;		/* these objects, the oldest first */
	bool closed;			/* by CloseThreadpool */
	bool finished;			/* closed, and no objects: leave */
	unsigned minimum, maximum;	/* threads */
	unsigned former_minimum;	/* if the new minimum is refused */
	unsigned former_maximum;
	bool awaited;			/* threads that are being made */
	struct tp_cond arrival;		/* one has arrived, or is refused */
	TP_POOL_STACK_INFORMATION stack;	/* of new threads */
	bool used;			/* an object has been bound to it */
	struct tp_queue queue;
	unsigned total;			/* workers, those being made too */
	unsigned starting;		/* of them: not yet arrived */
	unsigned idle_count;		/* of them: asleep, in the list idle */
	struct tp_list idle;		/* the last to fall asleep first */
	unsigned waking;		/* of them: on their way to the queue */
	unsigned running;		/* of them: running callbacks */
	unsigned suspended;		/* of those: long or blocked */
	unsigned long started;		/* callbacks ever started */
	unsigned long started_when_armed;
	bool stall_armed;		/* stall is in the dispatcher's heap */
	bool stalled;			/* the queue stood still meanwhile */
	struct tp_list workers;		/* those that have arrived */
	struct tp_list waits;		/* of struct tp_waiting */

	/* Guarded by the lock in trace.c. */
	struct tp_label label;		/* "pool 1" */

	/* Guarded by the lock in dump.c. */
	struct tp_list link;		/* in the list of all pools */

	/* Guarded by tp_waitable_lock. */
	struct tp_due stall;
	struct tp_later attention;	/* somebody must look at the queue */

#if TP_CHECK
	struct tp_registered registered;
#endif
};

/* A worker thread. Lives on its own stack. */
struct tp_worker {
	TP_POOL *pool;			/* Read-only after init. */
	struct tp_label *label;		/* the same */

	/* Guarded by pool->lock. */
	struct tp_list link;		/* in pool->workers */
	struct tp_list idle;		/* in pool->idle while it sleeps */
	struct tp_cond wake;		/* what it sleeps on */
	bool woken;			/* somebody has chosen it */
	unsigned suspensions;		/* reasons not to compute */
	bool persistent;		/* has run a persistent callback */

	/* Changed by its own thread only, and under pool->lock. */
	TP_CALLBACK_INSTANCE *instance;	/* what it runs now, or NULL */

	/* Used by its own thread only. */
	struct tp_object *doomed;	/* to be freed outside the lock */

	/*
	 * Held by whoever is about to signal `wake` after it has dropped
	 * the pool lock: the worker takes it once before it ends.
	 */
	struct tp_mutex last_moments;
};

/* A thread that sleeps until an object is quiet. Lives on its stack. */
struct tp_waiting {
	/* Guarded by pool->lock. */
	struct tp_list link;		/* in pool->waits */
	struct tp_object *object;	/* kept alive by the waiter */
	struct tp_label *label;		/* of the thread */
	struct tp_object *runs;		/* whose callback it runs, or NULL */
	bool for_ever;			/* for the dump: it cannot end */
};

/* What the factory knows when it decides. All but the flag: threads. */
struct tp_census {
	unsigned minimum, maximum, processors;
	unsigned total;			/* workers, those being made too */
	unsigned starting;		/* of them: being made */
	unsigned idle;			/* of them: asleep */
	unsigned suspended;		/* of them: long or blocked */
	unsigned long queued;		/* posts that wait for a worker */
	bool stalled;			/* the queue stood still */
};

/* pool.c */
void tp_pool_init(TP_POOL *pool, const char *worker_name,
	struct tp_label label);
DWORD tp_pool_bind(struct tp_object *object);
void tp_pool_unbind_locked(struct tp_object *object);
void tp_pool_arrived_locked(TP_POOL *pool);
TP_POOL *tp_pool_default(void);
bool tp_pool_above_minimum_locked(const TP_POOL *pool);
bool tp_pool_unref_locked(TP_POOL *pool);
void tp_pool_unref_and_unlock(TP_POOL *pool);
void tp_pool_free(TP_POOL *pool);

/* wake.c */
void tp_pool_wake_init(TP_POOL *pool);
void tp_pool_attend_later_locked(TP_POOL *pool);
void tp_pool_wake_and_unlock(TP_POOL *pool);
void tp_pool_wake_all_locked(TP_POOL *pool);
void tp_pool_disarm(TP_POOL *pool);

/* queue.c: all under the pool lock */
void tp_queue_init(struct tp_queue *queue);
bool tp_queue_startable_locked(const TP_POOL *pool);
void tp_queue_add_locked(struct tp_object *object);
struct tp_object *tp_queue_take_locked(TP_POOL *pool);
unsigned tp_queue_drop_locked(struct tp_object *object);

/* factory.c */
int tp_factory_policy(const struct tp_census *census);
unsigned tp_factory_reserve_locked(TP_POOL *pool);
bool tp_factory_superfluous_locked(TP_POOL *pool);
DWORD tp_factory_make(TP_POOL *pool, unsigned threads);

/* worker.c */
void *tp_worker_main(void *pool);
void tp_worker_suspend_locked(struct tp_worker *worker);
struct tp_worker *tp_current_worker(void);

/* dump.c */
void tp_dump_add_pool(TP_POOL *pool);
void tp_dump_remove_pool(TP_POOL *pool);
void tp_each_object(void (*look)(const struct tp_object *object,
	void *argument), void *argument);
void tp_waiting_begin_locked(struct tp_waiting *waiting,
	struct tp_object *object);
void tp_waiting_end_locked(struct tp_waiting *waiting);

#endif /* POOL_H */
