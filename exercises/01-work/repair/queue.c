/* queue.c - the queue that the pool is made with, first in first out */
/* SPDX-License-Identifier: MIT */
#include "pool.h"
#include "suite.h"

void
queue_init(struct queue *queue)
{
	queue->head = NULL;
	queue->tail = &queue->head;
}

bool
queue_empty(const struct queue *queue)
{
	return queue->head == NULL;
}

void
queue_push(struct queue *queue, struct item *item)
{
	item->next = NULL;
	*queue->tail = item;
	queue->tail = &item->next;
}

struct item *
queue_pop(struct queue *queue)
{
	struct item *item = queue->head;

	require(item != NULL, "a worker took an item from an empty queue");
	queue->head = item->next;
	if (queue->head == NULL)
		queue->tail = &queue->head;
	return item;
}
