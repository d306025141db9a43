/* wake.c - who wakes whom, and what happens to a queue that stands still */
/* SPDX-License-Identifier: MIT */
/*
 * Whoever has posted, taken a callback and left others queued, or is about
 * to block calls tp_pool_wake_and_unlock. It wakes one sleeping worker, or
 * has the factory make one, or sees to it that somebody looks again.
 *
 * Interface: tp_pool_wake_and_unlock, tp_pool_wake_all_locked,
 * tp_pool_attend_later_locked, tp_pool_disarm, tp_pool_wake_init.
 *
 * A system call is made only when somebody sleeps, nobody is on the way to
 * the queue already, and the pool lock has been dropped. One worker on its
 * way is enough, since it wakes the next one when it leaves posts behind.
 *
 * A queue that nobody is on the way to has a deadline with the dispatcher.
 * If nothing has been started by then, the workers are blocked where the
 * pool cannot see it, and the factory is asked again.
 *
 * Locks: tp_waitable_lock, then pool, then the last_moments of a worker.
 */
#include "pool.h"

/* ---- What is found under tp_waitable_lock ---- */

/* See tp_pool_attend_later_locked. */
static void
attend(struct tp_later *later)
{
	TP_POOL *pool = tp_container(later, TP_POOL, attention);

	tp_lock(&pool->lock);
	tp_pool_wake_and_unlock(pool);
	tp_lock(&pool->lock);
	tp_pool_unref_and_unlock(pool);
}

/*
 * Has somebody woken, or a thread made, when tp_waitable_lock is dropped:
 * neither may be done under it. Once is enough, however many posts there
 * are by then. Until then the request holds one ref of the pool.
 *
 * Both locks are held.
 */
void
tp_pool_attend_later_locked(TP_POOL *pool)
{
	tp_assert_held(&tp_waitable_lock);
	tp_assert_held(&pool->lock);
	if (!tp_list_empty(&pool->attention.link))
		return;
	pool->refs++;
	tp_waitable_later_locked(&pool->attention);
}

/* ---- The deadline: has the queue stood still? ---- */


/*
 * The dispatcher calls this under tp_waitable_lock when the pool has had a
 * queue and no idle worker for a while. If nothing was started meanwhile,
 * the workers are blocked where the pool cannot see it. The ref that the
 * deadline held is not the last: the request for attention holds one.
 */
static void
expire_stall(struct tp_due *due)
{
	TP_POOL *pool = tp_container(due, TP_POOL, stall);

	tp_lock(&pool->lock);
	pool->stall_armed = false;
	pool->stalled = pool->started == pool->started_when_armed;
	tp_pool_attend_later_locked(pool);
	pool->refs--;
	tp_unlock(&pool->lock);
}

/* Prepares what this file uses of a new pool. */
void
tp_pool_wake_init(TP_POOL *pool)
{
	tp_list_init(&pool->idle);
	pool->stall.expire = expire_stall;
	pool->attention.perform = attend;
	tp_list_init(&pool->attention.link);
}

/* Sets the deadline, unless the pool has been finished meanwhile. */
static bool
set_stall(TP_POOL *pool)
{
	bool finished;

	tp_lock(&tp_waitable_lock);
	tp_lock(&pool->lock);
	finished = pool->finished;
	tp_unlock(&pool->lock);
	/* If it is finished only now: its workers find the deadline set. */
	if (!finished)
		tp_due_set_locked(&pool->stall,
			tp_time_after(tp_now(), pool->stall_time), 0, false);
	tp_unlock(&tp_waitable_lock);
	return !finished;
}

/* Arms the deadline, whose count of the pool has been taken already. */
static void
arm_stall(TP_POOL *pool)
{
	if (tp_dispatcher_start() == 0 && set_stall(pool))
		return;
	tp_lock(&pool->lock);
	pool->stall_armed = false;	/* the next post tries again */
	tp_pool_unref_and_unlock(pool);
}

/*
 * Takes the deadline of a finished pool away, which would hold the pool
 * until it has come. If somebody is just about to set it, he will not:
 * both look under tp_waitable_lock. The caller holds the pool.
 */
void
tp_pool_disarm(TP_POOL *pool)
{
	tp_lock(&tp_waitable_lock);
	if (tp_heap_contains(&pool->stall.node)) {
		tp_due_cancel_locked(&pool->stall);
		tp_lock(&pool->lock);
		pool->stall_armed = false;
		pool->refs--;		/* not the last: the caller's */
		tp_unlock(&pool->lock);
	}
	tp_unlock(&tp_waitable_lock);
}

/* ---- Waking one worker ---- */

/* Takes the worker that fell asleep last: its stack is still cached. */
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
 * Drops the pool lock. Whoever has been refused a thread comes by here.
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

	tp_pool_arrived_locked(pool);	/* or has been refused: see grow */
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

	tp_lock(&pool->lock);
	if (error != 0) {
		if (pool->waking == 0 && tp_queue_startable_locked(pool))
			worker = choose_worker_locked(pool);
		signal_and_unlock(pool, worker);
		tp_lock(&pool->lock);
	}
	tp_pool_unref_and_unlock(pool);
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

/* ---- Waking all of them ---- */

/*
 * Wakes every sleeping worker to look at the pool again. The signals are
 * sent under the lock: this is rare, and nobody can leave before it drops.
 */
void
tp_pool_wake_all_locked(TP_POOL *pool)
{
	struct tp_worker *worker;

	tp_assert_held(&pool->lock);
	while ((worker = choose_worker_locked(pool)) != NULL)
		tp_cond_signal(&worker->wake);
}
