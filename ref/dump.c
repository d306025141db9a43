/* dump.c - every pool with its objects, its workers, and who waits */
/* SPDX-License-Identifier: MIT */
/*
 * Interface: tp_dump and tp_dump_stopped (dump.h); for the engine,
 * tp_dump_add_pool, tp_dump_remove_pool, tp_waiting_begin_locked,
 * tp_waiting_end_locked.
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
#include "pool.h"

#define MEMBERS_MAX	100000

static struct tp_mutex pools_lock = TP_MUTEX_INIT(TP_RANK_POOLS);

/* Guarded by pools_lock. */
static struct tp_list pools = TP_LIST_INIT(pools);

struct dump {
	FILE *stream;
	bool stopped;		/* take no lock */
};

/* ---- Who is there to be shown ---- */

/* A new pool, which nobody else knows yet. */
void
tp_dump_add_pool(TP_POOL *pool)
{
	tp_lock(&pools_lock);
	tp_list_append(&pools, &pool->link);
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

/* The calling thread is about to sleep until the object is quiet. */
void
tp_waiting_begin_locked(struct tp_waiting *waiting, struct tp_object *object)
{
	tp_assert_held(&object->pool->lock);
	waiting->object = object;
	waiting->label = tp_thread_label();
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

/* ---- One line each ---- */

static void
get_name(const struct dump *dump, char name[TP_NAME_SIZE], const char *kind,
	unsigned *number)
{
	tp_name(name, kind, dump->stopped ? tp_number_stopped(kind, number) :
		tp_number(kind, number));
}

static void
name_object(const struct dump *dump, char name[TP_NAME_SIZE],
	struct tp_object *object)
{
	get_name(dump, name, object->ops->kind, &object->number);
}

static unsigned
count_members(const struct tp_list *list)
{
	unsigned count = 0;

	for (struct tp_list *node = list->next; node != list &&
	     count < MEMBERS_MAX; node = node->next)
		count++;
	return count;
}

static void
show_object(const struct dump *dump, struct tp_list *node)
{
	struct tp_object *object =
		tp_container(node, struct tp_object, bound);
	char name[TP_NAME_SIZE];

	name_object(dump, name, object);
	fprintf(dump->stream, "  %-18s %s pending %u, running %u, "
		"associated %u, refs %u, waiters %u\n", name,
		object->closed ? "closed" : "open  ", object->pending,
		object->running, object->associated, object->refs,
		count_members(&object->waiters));
}

static void
show_worker(const struct dump *dump, struct tp_list *node)
{
	struct tp_worker *worker =
		tp_container(node, struct tp_worker, link);
	TP_CALLBACK_INSTANCE *instance = worker->instance;
	char name[TP_NAME_SIZE], runs[TP_NAME_SIZE];

	get_name(dump, name, worker->label->kind, &worker->label->number);
	fprintf(dump->stream, "  %-18s ", name);
	if (instance == NULL) {
		fprintf(dump->stream, "%s\n", tp_list_empty(&worker->idle) ?
			"on its way to the queue" : "idle");
		return;
	}
	name_object(dump, runs, instance->object);
	fprintf(dump->stream, "runs %s%s%s%s\n", runs,
		instance->long_running ? ", long" : "",
		worker->suspensions > instance->long_running ?
			", blocked" : "",
		instance->associated ? "" : ", disassociated");
}

static void
show_waiting(const struct dump *dump, struct tp_list *node)
{
	struct tp_waiting *waiting =
		tp_container(node, struct tp_waiting, link);
	char name[TP_NAME_SIZE], object[TP_NAME_SIZE];

	get_name(dump, name, waiting->label->kind, &waiting->label->number);
	name_object(dump, object, waiting->object);
	fprintf(dump->stream, "  %-18s waits for %s\n", name, object);
}

/* ---- A pool ---- */

static void
show_all(const struct dump *dump, struct tp_list *list,
	void (*show)(const struct dump *dump, struct tp_list *node))
{
	unsigned count = 0;

	for (struct tp_list *node = list->next; node != list &&
	     count < MEMBERS_MAX; node = node->next, count++)
		show(dump, node);
}

static unsigned long
posts_of(const TP_POOL *pool, TP_CALLBACK_PRIORITY priority)
{
	const struct tp_list *list = &pool->queue.ready[priority];
	unsigned long posts = 0;
	unsigned count = 0;

	for (struct tp_list *node = list->next; node != list &&
	     count < MEMBERS_MAX; node = node->next, count++)
		posts += tp_container(node, struct tp_object, ready)->pending;
	return posts;
}

static void
show_pool(const struct dump *dump, struct tp_list *node)
{
	TP_POOL *pool = tp_container(node, TP_POOL, link);
	char name[TP_NAME_SIZE];

	get_name(dump, name, pool->label.kind, &pool->label.number);
	if (!dump->stopped)
		tp_lock(&pool->lock);
	fprintf(dump->stream, "%-20s %s, %u to %u threads\n", name,
		pool->closed ? "closed" : "open", pool->minimum,
		pool->maximum);
	fprintf(dump->stream, "  %-18s %u: idle %u, running %u, waking %u, "
		"being made %u\n", "threads", pool->total, pool->idle_count,
		pool->running, pool->waking, pool->starting);
	fprintf(dump->stream, "  %-18s %lu: high %lu, normal %lu, low %lu\n",
		"queued", pool->queue.posts,
		posts_of(pool, TP_CALLBACK_PRIORITY_HIGH),
		posts_of(pool, TP_CALLBACK_PRIORITY_NORMAL),
		posts_of(pool, TP_CALLBACK_PRIORITY_LOW));
	show_all(dump, &pool->bound, show_object);
	show_all(dump, &pool->workers, show_worker);
	show_all(dump, &pool->waits, show_waiting);
	if (!dump->stopped)
		tp_unlock(&pool->lock);
}

/* See dump.h. Locks: the list of pools, and each pool's, briefly. */
void
tp_dump(FILE *stream)
{
	struct dump dump = { stream, false };

	flockfile(stream);
	tp_lock(&pools_lock);
	show_all(&dump, &pools, show_pool);
	tp_unlock(&pools_lock);
	funlockfile(stream);
}

/* See dump.h. */
void
tp_dump_stopped(FILE *stream)
{
	struct dump dump = { stream, true };

	show_all(&dump, &pools, show_pool);
}
