/* heap.h - intrusive heap ordered by (due time, sequence) */
/* SPDX-License-Identifier: MIT */
/*
 * A relative of the binomial heap. A node lives inside the timer, so that
 * arming allocates nothing and cannot fail. Insertion takes two comparisons
 * on average; neither it nor removal recurses, or has to go through more than
 * some dozens of nodes, however many there are: this matters, since everybody
 * else waits for the lock. Nodes of the same due time leave in the order in
 * which they were inserted, because the heap numbers them.
 *
 * Interface: tp_heap_insert, tp_heap_remove, tp_heap_first,
 * tp_heap_contains.
 *
 * No locks: a heap is guarded by whatever guards its root.
 */
#ifndef HEAP_H
#define HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TP_HEAP_RANKS 64

struct tp_heap_node {
	struct tp_heap_node *child;	/* the first of its children */
	struct tp_heap_node *next;	/* the next sibling */
	struct tp_heap_node **link;	/* what points here; NULL: in no heap */
	int64_t due;			/* 100 ns ticks */
	uint64_t sequence : 58;		/* order of insertion */
	uint64_t rank : 6;		/* of its tree: see heap.c */
};

struct tp_heap {
	struct tp_heap_node *first;	/* NULL: the heap is empty */
	uint64_t sequence : 58;		/* of the last insertion */
	struct tp_heap_node *trees[TP_HEAP_RANKS];	/* by rank */
};

/* Inserts a node that is in no heap. due: 100 ns ticks of any clock. */
void tp_heap_insert(struct tp_heap *heap, struct tp_heap_node *node,
	int64_t due);

/* Takes the node out; harmless if it is in no heap. */
void tp_heap_remove(struct tp_heap *heap, struct tp_heap_node *node);

static inline struct tp_heap_node *
tp_heap_first(const struct tp_heap *heap)
{
	return heap->first;
}

static inline bool
tp_heap_contains(const struct tp_heap_node *node)
{
	return node->link != NULL;
}

#endif /* HEAP_H */
