/* pool.c - pools: their limits, and who keeps one alive */
/* SPDX-License-Identifier: MIT */
/*
 * The default pool is static and set up on first use; it is never freed and
 * costs nothing before. Private pools come from tp_pool_new. A pool has
 * no thread until the first object is bound to it, and one at least from
 * then on (POOL-04): so creating an object may fail, and posting cannot.
 *
 * Interface: for the functions of the API tp_pool_new, tp_pool_close,
 * tp_pool_set_maximum, tp_pool_set_minimum, tp_pool_set_stack,
 * tp_pool_stack; for the engine tp_pool_default, tp_pool_init, tp_pool_bind,
 * tp_pool_unbind_locked, tp_pool_arrived_locked, tp_pool_above_minimum_locked,
 * tp_pool_unref_locked, tp_pool_unref_and_unlock, tp_pool_free.
 *
 * Locks: birth, then lock. Nothing is freed under either, and no thread is
 * made under the second.
 */
#include <stdlib.h>

#include "pool.h"

#define DEFAULT_MAXIMUM	500	/* threads; POOL-03 */
#define DEFAULT_IDLE	5000	/* ms; POOL-16 */
#define DEFAULT_STALL	100	/* ms */

static TP_POOL default_pool;
static pthread_once_t default_once = PTHREAD_ONCE_INIT;

/* ---- Making and ending a pool ---- */

/* A number from the environment of the process, or what stands for none. */
static unsigned long
setting(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);
	char *end;
	unsigned long value;

	if (text == NULL)
		return otherwise;
	value = strtoul(text, &end, 10);
	return end != text && *end == '\0' && value > 0 &&
		value <= INT32_MAX ? value : otherwise;
}

/* Prepares a pool, whose memory is zeroed, held by its handle. */
void
tp_pool_init(TP_POOL *pool, const char *worker_name, struct tp_label label)
{
	pool->worker_name = worker_name;
	pool->label = label;
	pool->processors =
		(unsigned)setting("TP_PROCESSORS", tp_processors());
	pool->idle_time = (tp_time)setting("TP_IDLE_MS", DEFAULT_IDLE)
		* TP_MS;
	pool->stall_time = (tp_time)setting("TP_STALL_MS", DEFAULT_STALL)
		* TP_MS;
	tp_mutex_init(&pool->birth, TP_RANK_BIRTH);
	tp_mutex_init(&pool->lock, TP_RANK_POOL);
	tp_cond_init(&pool->arrival);
	pool->refs = 1;		/* the handle */
	pool->maximum = DEFAULT_MAXIMUM;
	pool->stack.StackReserve = tp_thread_stack();
	pool->stack.StackCommit = tp_page_size();
	tp_list_init(&pool->bound);
	tp_list_init(&pool->workers);
	tp_list_init(&pool->waits);
	tp_queue_init(&pool->queue);
	tp_pool_wake_init(pool);
	tp_trace_open();
	tp_crash_watch();
	tp_trace_pool(TP_EVENT_POOL_MADE, &pool->label);
	tp_dump_add_pool(pool);
}

static void
default_init(void)
{
	tp_pool_init(&default_pool, "tp-default",
		(struct tp_label){ "default pool", TP_ONLY_ONE });
}

/* The pool of objects that name none; never closed. */
TP_POOL *
tp_pool_default(void)
{
	(void)pthread_once(&default_once, default_init);
	return &default_pool;
}

/* Frees a pool that nobody holds. No lock is held. */
void
tp_pool_free(TP_POOL *pool)
{
	tp_dump_remove_pool(pool);
	tp_cond_destroy(&pool->arrival);
	tp_mutex_destroy(&pool->lock);
	tp_mutex_destroy(&pool->birth);
	free(pool);
}

/*
 * Gives up one ref; true: it was the last, the caller must free the pool. No
 * object is left without a pool: its pool has a worker, which holds it.
 */
bool
tp_pool_unref_locked(TP_POOL *pool)
{
	tp_assert_held(&pool->lock);
	return --pool->refs == 0 && pool->objects == 0;
}

/* Gives up one ref and drops the pool lock; frees the pool if it was last. */
void
tp_pool_unref_and_unlock(TP_POOL *pool)
{
	bool last = tp_pool_unref_locked(pool);

	tp_unlock(&pool->lock);
	if (last)
		tp_pool_free(pool);
}

/* A closed pool without objects is finished: its workers leave. */
static void
finish_if_done_locked(TP_POOL *pool)
{
	if (!pool->closed || pool->objects > 0)
		return;
	pool->finished = true;
	tp_pool_wake_all_locked(pool);
}

/* ---- What objects need of their pool ---- */

/* Makes the first worker, unless somebody else has. 0 or an error code. */
static DWORD
ensure_worker(TP_POOL *pool)
{
	DWORD error = 0;
	unsigned threads = 0;

	/*
	 * Whoever finds no worker waits here for the one who makes it,
	 * and so learns whether it could be made. Trusting the count of a
	 * thread that is only being made would let an object be created
	 * in a pool that turns out to have no worker.
	 */
	tp_lock(&pool->birth);
	tp_lock(&pool->lock);
	if (pool->total == 0)
		threads = tp_factory_reserve_locked(pool);
	tp_unlock(&pool->lock);
	if (threads > 0)
		error = tp_factory_make(pool, threads);
	tp_unlock(&pool->birth);
	return error;
}

/*
 * Counts a new object, not yet written in full, among those of its
 * pool, and sees to it that there is a worker.
 *
 * Fails: ERROR_NOT_ENOUGH_MEMORY; the object is not counted then.
 * Locks: none may be held.
 */
DWORD
tp_pool_bind(struct tp_object *object)
{
	TP_POOL *pool = object->pool;
	bool has_worker;
	DWORD error;

	tp_lock(&pool->lock);
	pool->objects++;
	pool->used = true;
	has_worker = pool->total > pool->starting;
	tp_unlock(&pool->lock);
	error = has_worker ? 0 : ensure_worker(pool);
	if (error != 0) {
		tp_lock(&pool->lock);
		tp_pool_unbind_locked(object);
		tp_unlock(&pool->lock);
	}
	return error;
}

/* Have more workers arrived than the pool must keep? */
bool
tp_pool_above_minimum_locked(const TP_POOL *pool)
{
	unsigned minimum = pool->minimum > 0 ? pool->minimum : 1;

	tp_assert_held(&pool->lock);
	return pool->total - pool->starting > minimum;
}

/* An object is gone from its pool. */
void
tp_pool_unbind_locked(struct tp_object *object)
{
	TP_POOL *pool = object->pool;

	tp_assert_held(&pool->lock);
	pool->objects--;
	tp_list_remove(&object->bound);
	finish_if_done_locked(pool);
}

/* ---- What the application does with a pool ---- */

/* A private pool, held by its handle; NULL: no memory. It has no thread. */
TP_POOL *
tp_pool_new(void)
{
	TP_POOL *pool = calloc(1, sizeof(*pool));

	if (pool == NULL)
		return NULL;
	tp_pool_init(pool, "tp-worker",
		(struct tp_label){ "pool", TP_UNNUMBERED });
	tp_register(&pool->registered, pool, "pool");
	return pool;
}

/* The application lets go of it; it goes with the last of its objects. */
void
tp_pool_close(TP_POOL *pool)
{
	tp_lock(&pool->lock);
	pool->closed = true;
	tp_trace_pool(TP_EVENT_POOL_CLOSED, &pool->label);
	finish_if_done_locked(pool);
	tp_pool_unref_and_unlock(pool);
}

/* The maximum, and with it perhaps the minimum (POOL-13, -14). */
void
tp_pool_set_maximum(TP_POOL *pool, unsigned threads)
{
	tp_lock(&pool->lock);
	pool->maximum = pool->former_maximum = threads > 0 ? threads : 1;
	if (pool->minimum > pool->maximum)
		pool->minimum = pool->maximum;
	if (pool->former_minimum > pool->maximum)
		pool->former_minimum = pool->maximum;
	tp_pool_wake_all_locked(pool);	/* some may be superfluous now */
	tp_pool_wake_and_unlock(pool);
}

/*
 * Somebody may wait for threads that are being made: one of them has
 * arrived, or been refused. Called for both.
 */
void
tp_pool_arrived_locked(TP_POOL *pool)
{
	tp_assert_held(&pool->lock);
	if (pool->awaited)
		tp_cond_signal(&pool->arrival);
}

/*
 * Waits until so many threads have arrived, or none is being made: one that
 * is being made, for a post perhaps, may be refused. birth is held.
 */
static void
await_arrivals_locked(TP_POOL *pool, unsigned threads)
{
	tp_assert_held(&pool->lock);
	pool->awaited = true;
	while (pool->starting > 0 && pool->total - pool->starting < threads)
		tp_cond_wait(&pool->arrival, &pool->lock);
	pool->awaited = false;
}

/*
 * The minimum, and with it perhaps the maximum; makes the threads that are
 * missing. 0 or an error code: then the limits are as they would be without
 * this call.
 *
 * Locks: waits for others who make threads for the pool.
 */
DWORD
tp_pool_set_minimum(TP_POOL *pool, unsigned threads)
{
	unsigned missing = 0;
	DWORD error = 0;

	tp_lock(&pool->birth);
	tp_lock(&pool->lock);
	await_arrivals_locked(pool, threads);
	pool->former_minimum = pool->minimum;
	pool->former_maximum = pool->maximum;
	pool->minimum = threads;
	if (pool->maximum < pool->minimum)
		pool->maximum = pool->minimum;
	if (pool->total < threads)	/* or it would be for the queue */
		missing = tp_factory_reserve_locked(pool);
	tp_pool_wake_all_locked(pool);	/* some may be superfluous now */
	tp_unlock(&pool->lock);
	if (missing > 0)
		error = tp_factory_make(pool, missing);
	tp_lock(&pool->lock);
	if (error != 0) {
		pool->minimum = pool->former_minimum;
		pool->maximum = pool->former_maximum;
		tp_pool_wake_all_locked(pool);
	}
	tp_unlock(&pool->lock);
	tp_unlock(&pool->birth);
	/* Posts may have relied on threads that were refused. */
	tp_lock(&pool->lock);
	tp_pool_wake_and_unlock(pool);
	return error;
}

/* The stack of threads that are made from now on (POOL-42). */
void
tp_pool_set_stack(TP_POOL *pool, const TP_POOL_STACK_INFORMATION *stack)
{
	tp_lock(&pool->lock);
	pool->stack = *stack;
	tp_unlock(&pool->lock);
}

TP_POOL_STACK_INFORMATION
tp_pool_stack(TP_POOL *pool)
{
	TP_POOL_STACK_INFORMATION stack;

	tp_lock(&pool->lock);
	stack = pool->stack;
	tp_unlock(&pool->lock);
	return stack;
}
