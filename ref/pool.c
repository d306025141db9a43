/* pool.c - pools: their limits, and who keeps one alive */
/* SPDX-License-Identifier: MIT */
/*
 * The default pool is static and set up on first use; it is never freed and
 * costs nothing before. Private pools come from CreateThreadpool. A pool has
 * no thread until the first object is bound to it, and one at least from
 * then on (POOL-04): so creating an object may fail, and posting cannot.
 *
 * Interface: the functions of the API below, and for the engine
 * tp_pool_default, tp_pool_bind, tp_pool_unbind_locked,
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

static void
pool_init(TP_POOL *pool, const char *worker_name, struct tp_label label)
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
	pool->refs = 1;		/* the handle */
	pool->maximum = DEFAULT_MAXIMUM;
	tp_list_init(&pool->bound);
	tp_list_init(&pool->workers);
	tp_list_init(&pool->waits);
	tp_queue_init(&pool->queue);
	tp_pool_wake_init(pool);
	tp_trace_open();
	tp_trace_pool(TP_EVENT_POOL_MADE, &pool->label);
	tp_dump_add_pool(pool);
}

static void
default_init(void)
{
	pool_init(&default_pool, "tp-default",
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
 * Counts a new object, which is complete but for this, among those of its
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
	tp_list_append(&pool->bound, &object->bound);
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

/* ---- The API ---- */

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
	TP_POOL *pool;

	tp_check_process("CreateThreadpool");
	if (reserved != NULL) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	pool = calloc(1, sizeof(*pool));
	if (pool == NULL) {
		SetLastError(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	pool_init(pool, "tp-worker",
		(struct tp_label){ "pool", TP_UNNUMBERED });
	tp_register(&pool->registered, pool, "pool");
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
	tp_lock(&ptpp->lock);
	ptpp->closed = true;
	tp_trace_pool(TP_EVENT_POOL_CLOSED, &ptpp->label);
	finish_if_done_locked(ptpp);
	tp_pool_unref_and_unlock(ptpp);
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
	tp_lock(&ptpp->lock);
	ptpp->maximum = cthrdMost > 0 ? cthrdMost : 1;
	if (ptpp->minimum > ptpp->maximum)
		ptpp->minimum = ptpp->maximum;
	tp_pool_wake_all_locked(ptpp);	/* some may be superfluous now */
	tp_pool_wake_and_unlock(ptpp);
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
	unsigned minimum, maximum, threads;
	DWORD error = 0;

	tp_check(ptpp, "pool", "SetThreadpoolThreadMinimum");
	tp_lock(&ptpp->birth);
	tp_lock(&ptpp->lock);
	minimum = ptpp->minimum;
	maximum = ptpp->maximum;
	ptpp->minimum = cthrdMic;
	if (ptpp->maximum < ptpp->minimum)
		ptpp->maximum = ptpp->minimum;
	threads = tp_factory_reserve_locked(ptpp);
	tp_pool_wake_all_locked(ptpp);	/* some may be superfluous now */
	tp_unlock(&ptpp->lock);
	if (threads > 0)
		error = tp_factory_make(ptpp, threads);
	if (error != 0) {
		tp_lock(&ptpp->lock);
		/* Only what this call has changed, and nobody since. */
		if (maximum < cthrdMic && ptpp->maximum == cthrdMic)
			ptpp->maximum = maximum;
		ptpp->minimum = minimum < ptpp->maximum ?
			minimum : ptpp->maximum;
		tp_pool_wake_all_locked(ptpp);
		tp_unlock(&ptpp->lock);
	}
	tp_unlock(&ptpp->birth);
	/* Posts may have relied on threads that were refused. */
	tp_lock(&ptpp->lock);
	tp_pool_wake_and_unlock(ptpp);
	if (error != 0)
		SetLastError(error);
	return error == 0;
}
