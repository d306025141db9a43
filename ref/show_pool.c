/* show_pool.c - the dump of pools, their queues and their workers */
/* SPDX-License-Identifier: MIT */
/*
 * The members of a pool are its threads, what is queued, its objects, its
 * workers, and who waits for its callbacks. With addresses, for a command,
 * there is a little more than tp_dump says.
 *
 * Interface: tp_show_pool, tp_show_queue_of, tp_show_statistics_of,
 * tp_show_factory_of, tp_show_workers_of.
 *
 * Locks: see show.h.
 */
#include <inttypes.h>

#include "show.h"

/* ---- Workers ---- */

static void
show_what_it_runs(struct tp_show *show, const struct tp_worker *worker)
{
	const TP_CALLBACK_INSTANCE *instance = worker->instance;
	char runs[TP_NAME_SIZE];

	if (instance == NULL) {
		tp_say(show, "%s\n", tp_list_empty(&worker->idle) ?
			"on its way to the queue" : "idle");
		return;
	}
	tp_show_object_name(show, runs, instance->object);
	tp_say(show, "runs %s%s%s%s\n", runs,
		instance->long_running ? ", long" : "",
		worker->suspensions > instance->long_running ?
			", blocked" : "",
		instance->associated ? "" : ", disassociated");
}

static void
show_worker_members(struct tp_show *show, struct tp_worker *worker)
{
	char pool[TP_NAME_SIZE];

	tp_show_label(show, pool, &worker->pool->label);
	tp_say_name(show, 1, "pool");
	tp_say(show, "%s\n", pool);
	tp_say_name(show, 1, "address");
	tp_say(show, "0x%" PRIxPTR "\n", (uintptr_t)worker);
	tp_say_name(show, 1, "instance");
	tp_say(show, "0x%" PRIxPTR "\n", (uintptr_t)worker->instance);
	tp_say_name(show, 1, "object");
	tp_say(show, "0x%" PRIxPTR "\n", worker->instance == NULL ? 0 :
		(uintptr_t)worker->instance->object);
	tp_say_name(show, 1, "suspensions");
	tp_say(show, "%u\n", worker->suspensions);
	tp_say_name(show, 1, "persistent");
	tp_say(show, "%s\n", worker->persistent ? "yes" : "no");
}

static void
show_worker(struct tp_show *show, unsigned depth, struct tp_worker *worker,
	unsigned flags)
{
	char name[TP_NAME_SIZE];

	tp_show_label(show, name, worker->label);
	if ((flags & TP_SHOW_LINE) != 0) {
		tp_say_name(show, depth, name);
		show_what_it_runs(show, worker);
	} else {
		tp_say(show, "%s\n", name);
	}
	if ((flags & TP_SHOW_MEMBERS) != 0)
		show_worker_members(show, worker);
	show->shown++;
}

/* The workers of the pool that were asked for. */
void
tp_show_workers_of(struct tp_show *show, TP_POOL *pool)
{
	unsigned count = 0;

	for (struct tp_list *node = pool->workers.next;
	     node != &pool->workers && count < TP_SHOW_MAX;
	     node = node->next, count++) {
		struct tp_worker *worker =
			tp_container(node, struct tp_worker, link);

		if (show->here ? worker == tp_current_worker() :
		    tp_is_asked_for(show, worker))
			show_worker(show, 0, worker, show->flags);
	}
}

/* ---- The queue ---- */

static const char *const queues[TP_CALLBACK_PRIORITY_COUNT] = {
	[TP_CALLBACK_PRIORITY_HIGH] = "high queue",
	[TP_CALLBACK_PRIORITY_NORMAL] = "normal queue",
	[TP_CALLBACK_PRIORITY_LOW] = "low queue"
};

static void
show_queued(struct tp_show *show, TP_POOL *pool, unsigned priority)
{
	struct tp_list *list = &pool->queue.ready[priority];
	unsigned count = 0;

	if (tp_list_empty(list)) {
		tp_say_name(show, 1, queues[priority]);
		tp_say(show, "empty\n");
	}
	for (struct tp_list *node = list->next; node != list &&
	     count < TP_SHOW_MAX; node = node->next, count++) {
		struct tp_object *object =
			tp_container(node, struct tp_object, ready);
		char name[TP_NAME_SIZE];

		tp_show_object_name(show, name, object);
		tp_say_name(show, 1, count == 0 ? queues[priority] : "");
		tp_say(show, "%s, pending %u\n", name, object->pending);
	}
}

/* Whose turn it is next, by priority. */
static void
show_queue(struct tp_show *show, TP_POOL *pool)
{
	for (unsigned i = 0; i < TP_CALLBACK_PRIORITY_COUNT; i++)
		show_queued(show, pool, i);
}

static unsigned long
posts_of(const TP_POOL *pool, TP_CALLBACK_PRIORITY priority)
{
	const struct tp_list *list = &pool->queue.ready[priority];
	unsigned long posts = 0;
	unsigned count = 0;

	for (struct tp_list *node = list->next; node != list &&
	     count < TP_SHOW_MAX; node = node->next, count++)
		posts += tp_container(node, struct tp_object, ready)->pending;
	return posts;
}

static void
show_posts(struct tp_show *show, const TP_POOL *pool)
{
	tp_say(show, "%lu: high %lu, normal %lu, low %lu\n",
		pool->queue.posts,
		posts_of(pool, TP_CALLBACK_PRIORITY_HIGH),
		posts_of(pool, TP_CALLBACK_PRIORITY_NORMAL),
		posts_of(pool, TP_CALLBACK_PRIORITY_LOW));
}

/* ---- A pool ---- */

static void
show_object_of_pool(struct tp_show *show, struct tp_list *node)
{
	tp_show_object(show, 1, tp_container(node, struct tp_object, bound),
		TP_SHOW_LINE);
}

static void
show_worker_of_pool(struct tp_show *show, struct tp_list *node)
{
	show_worker(show, 1, tp_container(node, struct tp_worker, link),
		TP_SHOW_LINE);
}

static void
show_waiting_of_pool(struct tp_show *show, struct tp_list *node)
{
	struct tp_waiting *waiting =
		tp_container(node, struct tp_waiting, link);
	char name[TP_NAME_SIZE], object[TP_NAME_SIZE];

	tp_show_label(show, name, waiting->label);
	tp_show_object_name(show, object, waiting->object);
	tp_say_name(show, 1, name);
	tp_say(show, "waits for %s%s\n", object,
		waiting->for_ever ? ", for ever" : "");
}

static void
show_members(struct tp_show *show, TP_POOL *pool)
{
	if (show->addresses) {
		tp_say_name(show, 1, "address");
		tp_say(show, "0x%" PRIxPTR "\n", (uintptr_t)pool);
	}
	tp_say_name(show, 1, "threads");
	tp_say(show, "%u: idle %u, running %u, waking %u, being made %u\n",
		pool->total, pool->idle_count, pool->running, pool->waking,
		pool->starting);
	tp_say_name(show, 1, "queued");
	show_posts(show, pool);
	tp_show_list(show, &pool->bound, show_object_of_pool);
	tp_show_list(show, &pool->workers, show_worker_of_pool);
	tp_find_circles(&pool->waits);
	tp_show_list(show, &pool->waits, show_waiting_of_pool);
}

/* The pool's name; false: it is not asked for. */
static bool
begin_pool(struct tp_show *show, TP_POOL *pool)
{
	char name[TP_NAME_SIZE];

	if (!tp_is_asked_for(show, pool))
		return false;
	tp_show_label(show, name, &pool->label);
	if ((show->flags & TP_SHOW_LINE) != 0)
		tp_say_name(show, 0, name);
	else
		tp_say(show, "%s\n", name);
	show->shown++;
	return true;
}

void
tp_show_pool(struct tp_show *show, TP_POOL *pool)
{
	if (!begin_pool(show, pool))
		return;
	if ((show->flags & TP_SHOW_LINE) != 0)
		tp_say(show, "%s, %u to %u threads\n",
			pool->closed ? "closed" : "open", pool->minimum,
			pool->maximum);
	if ((show->flags & TP_SHOW_MEMBERS) != 0)
		show_members(show, pool);
	if ((show->flags & TP_SHOW_QUEUE) != 0)
		show_queue(show, pool);
}

void
tp_show_queue_of(struct tp_show *show, TP_POOL *pool)
{
	if (!begin_pool(show, pool))
		return;
	if ((show->flags & TP_SHOW_LINE) != 0)
		show_posts(show, pool);
	if ((show->flags & ~(unsigned)TP_SHOW_LINE) != 0)
		show_queue(show, pool);
}

void
tp_show_statistics_of(struct tp_show *show, TP_POOL *pool)
{
	if (!begin_pool(show, pool))
		return;
	if ((show->flags & TP_SHOW_LINE) == 0)
		tp_say_name(show, 1, "statistics");
	tp_say(show, "objects %u, callbacks started %lu, running %u, "
		"queued %lu, threads %u, waits %u\n", pool->objects,
		pool->started, pool->running, pool->queue.posts, pool->total,
		tp_count(&pool->waits));
}

/* What the worker factory decides by. */
void
tp_show_factory_of(struct tp_show *show, TP_POOL *pool)
{
	if (!begin_pool(show, pool))
		return;
	if ((show->flags & TP_SHOW_LINE) == 0)
		tp_say_name(show, 1, "factory");
	tp_say(show, "threads %u of %u to %u, being made %u, idle %u, "
		"suspended %u, processors %u, queued %lu%s\n", pool->total,
		pool->minimum, pool->maximum, pool->starting,
		pool->idle_count, pool->suspended, pool->processors,
		pool->queue.posts, pool->stalled ? ", stalled" : "");
}
