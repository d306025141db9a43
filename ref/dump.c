/* dump.c - every pool with its objects, its workers, and who waits */
/* SPDX-License-Identifier: MIT */
/*
 * Interface: tp_dump and tp_dump_stopped (dump.h); for the engine,
 * tp_dump_add_pool, tp_dump_remove_pool, tp_each_object,
 * tp_waiting_begin_locked, tp_waiting_end_locked; for the rest of the dump
 * (show.h), tp_show_pools, tp_find_circles.
 *
 * All pools are in one list. Each pool lists its objects, its workers and
 * the threads that sleep until one of its objects is quiet: all of them link
 * themselves under the pool lock, at moments when they hold it anyway.
 *
 * Where everything stands still, a thread may hold any lock and never give
 * it back. That form takes none. It may find a list half changed, and stops
 * after a number of members that no real pool has.
 *
 * Locks: the list's, then one pool's after the other. The stream is locked
 * before both: its owner may be about to call the pool.
 */
#include "dump.h"
#include "show.h"

/* So that a debugger finds it in every program that has a pool. */
const char *(*const tp_dump_for_debuggers)(unsigned verb, uintptr_t address,
	unsigned flags, unsigned part) = tp_dump_text;

static struct tp_mutex pools_lock = TP_MUTEX_INIT(TP_RANK_POOLS);

/* Guarded by pools_lock. Not static, for tp.gdb. */
struct tp_list tp_pools = TP_LIST_INIT(tp_pools);

/* ---- Who is there to be shown ---- */

/* A new pool, which nobody else knows yet. */
void
tp_dump_add_pool(TP_POOL *pool)
{
	tp_lock(&pools_lock);
	tp_list_append(&tp_pools, &pool->link);
	tp_unlock(&pools_lock);
}

/* The pool is about to be freed. No lock is held. */
void
tp_dump_remove_pool(TP_POOL *pool)
{
	tp_lock(&pools_lock);
	tp_list_remove(&pool->link);
	tp_unlock(&pools_lock);
}

/*
 * Calls look with every object of every pool, under the lock of its pool,
 * and under that of the list.
 */
void
tp_each_object(void (*look)(const struct tp_object *object, void *argument),
	void *argument)
{
	tp_lock(&pools_lock);
	for (struct tp_list *p = tp_pools.next; p != &tp_pools; p = p->next) {
		TP_POOL *pool = tp_container(p, TP_POOL, link);

		tp_lock(&pool->lock);
		for (struct tp_list *node = pool->bound.next;
		     node != &pool->bound; node = node->next)
			look(tp_container(node, struct tp_object, bound),
				argument);
		tp_unlock(&pool->lock);
	}
	tp_unlock(&pools_lock);
}

/* The calling thread is about to sleep until the object is quiet. */
void
tp_waiting_begin_locked(struct tp_waiting *waiting, struct tp_object *object)
{
	const TP_CALLBACK_INSTANCE *instance = tp_current_instance();

	tp_assert_held(&object->pool->lock);
	waiting->object = object;
	waiting->label = tp_thread_label();
	waiting->for_ever = false;
	waiting->runs = instance != NULL && instance->associated ?
		instance->object : NULL;
	tp_list_append(&object->pool->waits, &waiting->link);
	tp_trace_object(TP_EVENT_WAIT, object, 0);
}

/* It no longer does. */
void
tp_waiting_end_locked(struct tp_waiting *waiting)
{
	tp_assert_held(&waiting->object->pool->lock);
	tp_trace_object(TP_EVENT_WAIT_END, waiting->object, 0);
	tp_list_remove(&waiting->link);
}

/* ---- Waiting for one another ---- */

/* Does a callback of the object wait for ever, as far as is known yet? */
static bool
held_up(const struct tp_list *waits, const struct tp_object *object)
{
	unsigned count = 0;

	for (const struct tp_list *node = waits->next; node != waits &&
	     count < TP_SHOW_MAX; node = node->next, count++) {
		const struct tp_waiting *waiting = tp_container(node,
			const struct tp_waiting, link);

		if (waiting->for_ever && waiting->runs == object)
			return true;
	}
	return false;
}

/*
 * Which waits cannot end? A wait ends when the callbacks of its object have
 * returned; if one of them waits itself, it comes down to that wait. So all
 * are taken for hopeless, and then those are not that wait for no such
 * callback, until nothing changes. What is left waits for one another in a
 * circle, or for such a circle (DIAG-02). Circles of several pools are not
 * seen; and who has been woken, but has not run yet, counts as waiting.
 */
void
tp_find_circles(struct tp_list *waits)
{
	bool changed, first = true;

	do {
		unsigned count = 0;

		changed = first;
		for (struct tp_list *node = waits->next; node != waits &&
		     count < TP_SHOW_MAX; node = node->next, count++) {
			struct tp_waiting *waiting = tp_container(node,
				struct tp_waiting, link);
			bool before = waiting->for_ever;

			waiting->for_ever = first || (before &&
				held_up(waits, waiting->object));
			changed |= waiting->for_ever != before;
		}
		first = false;
	} while (changed);
}

/* ---- All pools ---- */

/* Calls visit with each pool, under its lock. */
void
tp_show_pools(struct tp_show *show,
	void (*visit)(struct tp_show *show, TP_POOL *pool))
{
	unsigned count = 0;

	if (!show->stopped)
		tp_lock(&pools_lock);
	for (struct tp_list *node = tp_pools.next; node != &tp_pools &&
	     count < TP_SHOW_MAX; node = node->next, count++) {
		TP_POOL *pool = tp_container(node, TP_POOL, link);

		if (!show->stopped)
			tp_lock(&pool->lock);
		visit(show, pool);
		if (!show->stopped)
			tp_unlock(&pool->lock);
	}
	if (!show->stopped)
		tp_unlock(&pools_lock);
}

/* See dump.h. Locks: the list of pools, and each pool's, briefly. */
void
tp_dump(FILE *stream)
{
	struct tp_show show = {
		.stream = stream, .flags = TP_SHOW_LINE | TP_SHOW_MEMBERS
	};

	flockfile(stream);
	tp_show_pools(&show, tp_show_pool);
	funlockfile(stream);
}

/* See dump.h. */
void
tp_dump_stopped(FILE *stream)
{
	struct tp_show show = {
		.stream = stream, .stopped = true,
		.flags = TP_SHOW_LINE | TP_SHOW_MEMBERS
	};

	tp_show_pools(&show, tp_show_pool);
}
