/* calendar.c - right: a table of eight days, and lists that are rings */
/* SPDX-License-Identifier: MIT */
/*
 * The calendar says who is favoured, for each of eight callbacks, and the other
 * table in which order the priorities are then asked. An object that has been taken does not leave its list and come
 * back: it goes to the tail while it still counts the post, and leaves if
 * that was the last.
 */
#include "pool.h"

enum { HIGH, NORMAL, LOW };

static const unsigned char calendar[8] = { [3] = NORMAL, [7] = LOW };

static const unsigned char orders[][TP_CALLBACK_PRIORITY_COUNT] = {
	[HIGH] = { HIGH, NORMAL, LOW },
	[NORMAL] = { NORMAL, HIGH, LOW },
	[LOW] = { LOW, HIGH, NORMAL },
};

void
tp_queue_init(struct tp_queue *queue)
{
	struct tp_list *list = queue->ready;

	queue->posts = 0;
	while (list < queue->ready + TP_CALLBACK_PRIORITY_COUNT)
		tp_list_init(list++);
}

bool
tp_queue_startable_locked(const TP_POOL *pool)
{
	if (pool->running >= pool->maximum)
		return false;
	for (int i = 0; i < TP_CALLBACK_PRIORITY_COUNT; i++)
		if (!tp_list_empty(&pool->queue.ready[i]))
			return true;
	return false;
}

/* Counts posts to or from the object; it leaves its list with the last. */
static void
change_locked(struct tp_object *object, unsigned posts, bool away)
{
	struct tp_queue *queue = &object->pool->queue;

	tp_assert_held(&object->pool->lock);
	if (away) {
		queue->posts -= posts;
		object->pending -= posts;
		if (object->pending == 0)
			tp_list_remove(&object->ready);
	} else {
		if (object->pending == 0)
			tp_list_append(&queue->ready[object->priority],
				&object->ready);
		queue->posts += posts;
		object->pending += posts;
		object->posted += posts;
	}
}

void
tp_queue_add_locked(struct tp_object *object)
{
	change_locked(object, 1, false);
	tp_trace_object(TP_EVENT_POST, object, object->pending);
}

struct tp_object *
tp_queue_take_locked(TP_POOL *pool)
{
	const unsigned char *row = orders[calendar[pool->started % 8]];
	struct tp_object *object;
	struct tp_list *list;

	while (tp_list_empty(&pool->queue.ready[*row]))
		row++;
	list = &pool->queue.ready[*row];
	object = tp_container(tp_list_first(list), struct tp_object, ready);
	tp_list_remove(&object->ready);
	tp_list_append(list, &object->ready);
	change_locked(object, 1, true);
	return object;
}

unsigned
tp_queue_drop_locked(struct tp_object *object)
{
	unsigned posts = object->pending;

	if (posts > 0) {
		change_locked(object, posts, true);
		tp_trace_object(TP_EVENT_CANCEL, object, posts);
	}
	return posts;
}
