/* pool.c - pools: who keeps one alive, how its workers are woken */
/* SPDX-License-Identifier: MIT */
/*
 * The default pool is static and set up on first use; it is never freed and
 * costs nothing before. Private pools come from CreateThreadpool. A pool has
 * no thread until the first object is bound to it, and one at least from
 * then on (POOL-04): so creating an object may fail, and posting cannot.
 *
 * Interface: the functions of the API below, and for the engine
 * tp_pool_default, tp_pool_bind, tp_pool_unbind_locked,
 * tp_pool_wake_and_unlock, tp_pool_unref_locked, tp_pool_free.
 *
 * Waking: a system call is made only when somebody sleeps, nobody is on the
 * way to the queue already, and the pool lock has been dropped. One worker
 * on its way is enough, since it wakes the next one when it leaves posts
 * behind.
 *
 * Locks: birth, then tp_waitable_lock, then lock. Nothing is made or freed
 * under the last two.
 */
#include <stdlib.h>

#include "pool.h"

#define DEFAULT_MAXIMUM	500	/* threads; POOL-03 */
#define DEFAULT_IDLE	5000	/* ms; POOL-16 */
#define DEFAULT_STALL	100	/* ms */

static TP_POOL default_pool;
static pthread_once_t default_once = PTHREAD_ONCE_INIT;

/* ---- The deadline: has the queue stood still? ---- */

/* Does what the deadline has found, and gives up the ref that it held. */
static void
attend(struct tp_later *later)
{
	TP_POOL *pool = tp_container(later, TP_POOL, stall_over);
	bool last;

	tp_lock(&pool->lock);
	tp_pool_wake_and_unlock(pool);
	tp_lock(&pool->lock);
	last = tp_pool_unref_locked(pool);
	tp_unlock(&pool->lock);
	if (last)
		tp_pool_free(pool);
}

/*
 * The dispatcher calls this under tp_waitable_lock when the pool has had a
 * queue and no idle worker for a while. If nothing was started meanwhile,
 * the workers are blocked where the pool cannot see it.
 *
 * The count of the pool that the deadline held goes to stall_over. That is
 * in no list now: the dispatcher has all such things done, or taken by a
 * thread that does them, before it looks for another due time.
 */
static void
expire_stall(struct tp_due *due)
{
	TP_POOL *pool = tp_container(due, TP_POOL, stall);

	tp_lock(&pool->lock);
	pool->stall_armed = false;
	pool->stalled = pool->started == pool->started_when_armed;
	tp_unlock(&pool->lock);
	tp_waitable_later_locked(&pool->stall_over);
}

/* Arms the deadline, whose count of the pool has been taken already. */
static void
arm_stall(TP_POOL *pool)
{
	if (tp_dispatcher_start() != 0) {
		tp_lock(&pool->lock);
		pool->stall_armed = false;
		if (tp_pool_unref_locked(pool)) {
			tp_unlock(&pool->lock);
			tp_pool_free(pool);
			return;
		}
		tp_unlock(&pool->lock);	/* the next post tries again */
		return;
	}
	tp_lock(&tp_waitable_lock);
	tp_due_set_locked(&pool->stall,
		tp_time_after(tp_now(), pool->stall_time), false);
	tp_unlock(&tp_waitable_lock);
}

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
pool_init(TP_POOL *pool, const char *worker_name)
{
	pool->worker_name = worker_name;
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
	tp_queue_init(&pool->queue);
	tp_list_init(&pool->idle);
	pool->stall.expire = expire_stall;
	pool->stall_over.perform = attend;
	tp_list_init(&pool->stall_over.link);
}

static void
default_init(void)
{
	pool_init(&default_pool, "tp-default");
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

/*
 * Wakes every sleeping worker to look at the pool again. The signals are
 * sent under the lock: this is rare, and nobody can leave before it drops.
 */
static void
wake_all_locked(TP_POOL *pool)
{
	struct tp_list *node;

	while ((node = tp_list_first(&pool->idle)) != NULL) {
		struct tp_worker *worker =
			tp_container(node, struct tp_worker, idle);

		tp_list_remove(node);
		pool->idle_count--;
		worker->woken = true;
		pool->waking++;
		tp_cond_signal(&worker->wake);
	}
}

/* A closed pool without objects is finished: its workers leave. */
static void
finish_if_done_locked(TP_POOL *pool)
{
	if (!pool->closed || pool->objects > 0)
		return;
	pool->finished = true;
	wake_all_locked(pool);
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
 * Counts a new object of the pool, and sees to it that there is a worker.
 *
 * Fails: ERROR_NOT_ENOUGH_MEMORY; the object is not counted then.
 * Locks: none may be held.
 */
DWORD
tp_pool_bind(TP_POOL *pool)
{
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
		tp_pool_unbind_locked(pool);
		tp_unlock(&pool->lock);
	}
	return error;
}

/* An object of the pool is gone. */
void
tp_pool_unbind_locked(TP_POOL *pool)
{
	tp_assert_held(&pool->lock);
	pool->objects--;
	finish_if_done_locked(pool);
}

/* ---- Waking ---- */

/* Takes the worker that fell asleep last: its stack is still in the cache. */
static struct tp_worker *
choose_worker_locked(TP_POOL *pool)
{
	struct tp_list *node = tp_list_first(&pool->idle);
	struct tp_worker *worker;

	if (node == NULL)
		return NULL;
	worker = tp_container(node, struct tp_worker, idle);
	tp_list_remove(node);
	pool->idle_count--;
	worker->woken = true;
	pool->waking++;
	return worker;
}

/* Is there a queue, and nobody on the way to it? Then a deadline is due. */
static bool
must_arm_locked(TP_POOL *pool)
{
	if (pool->stall_armed || pool->waking > 0 ||
	    !tp_queue_startable_locked(pool) ||
	    pool->total >= pool->maximum)
		return false;
	pool->stall_armed = true;
	pool->started_when_armed = pool->started;
	pool->refs++;		/* the deadline holds the pool */
	return true;
}

/*
 * Signals the worker, if there is one, and arms the deadline if it is due.
 * Drops the pool lock.
 *
 * The signal is sent after the lock is dropped, lest the woken worker run
 * straight into it. Meanwhile that worker might wake by itself, run, and
 * leave: its own lock, taken here before the pool's is dropped, keeps it
 * from ending before it has been signalled.
 */
static void
signal_and_unlock(TP_POOL *pool, struct tp_worker *worker)
{
	bool arm = must_arm_locked(pool);

	if (worker != NULL)
		tp_lock(&worker->last_moments);
	tp_unlock(&pool->lock);
	if (worker != NULL) {
		tp_cond_signal(&worker->wake);
		tp_unlock(&worker->last_moments);
	}
	if (arm)
		arm_stall(pool);
}

/*
 * Makes threads that are counted already, and gives up the caller's ref.
 *
 * While a thread is being made it counts as on its way, and nobody else is
 * woken for what is posted meanwhile. If the system refuses it, an idle
 * worker must take its place; and if there is none, it must be tried again
 * later, even if nobody posts any more.
 */
static void
grow(TP_POOL *pool, unsigned threads)
{
	DWORD error = tp_factory_make(pool, threads);
	struct tp_worker *worker = NULL;
	bool last;

	tp_lock(&pool->lock);
	if (error != 0) {
		if (pool->waking == 0 && tp_queue_startable_locked(pool))
			worker = choose_worker_locked(pool);
		signal_and_unlock(pool, worker);
		tp_lock(&pool->lock);
	}
	last = tp_pool_unref_locked(pool);
	tp_unlock(&pool->lock);
	if (last)
		tp_pool_free(pool);
}

/*
 * Called when there may be more to start than before: after a post, after a
 * callback was taken, when a worker blocks or the maximum rises. Wakes one
 * worker, or makes one, or arms the deadline. Drops the pool lock.
 */
void
tp_pool_wake_and_unlock(TP_POOL *pool)
{
	struct tp_worker *worker = NULL;
	unsigned threads = 0;

	if (pool->waking == 0 && tp_queue_startable_locked(pool)) {
		worker = choose_worker_locked(pool);
		if (worker == NULL)
			threads = tp_factory_reserve_locked(pool);
	}
	pool->stalled = false;
	if (threads > 0)
		pool->refs++;
	signal_and_unlock(pool, worker);
	if (threads > 0)
		grow(pool, threads);
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
	pool_init(pool, "tp-worker");
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
	bool last;

	tp_check_close(ptpp, "pool", "CloseThreadpool");
	tp_lock(&ptpp->lock);
	ptpp->closed = true;
	finish_if_done_locked(ptpp);
	last = tp_pool_unref_locked(ptpp);
	tp_unlock(&ptpp->lock);
	if (last)
		tp_pool_free(ptpp);
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
	wake_all_locked(ptpp);	/* some may be superfluous now */
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
	wake_all_locked(ptpp);	/* some may be superfluous now */
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
		wake_all_locked(ptpp);
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
