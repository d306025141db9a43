/* heap.c - the heap behind due times */
/* SPDX-License-Identifier: MIT */
/*
 * The heap is a set of trees, at most one of each rank. Two trees of the same
 * rank are joined: the later root becomes a child of the earlier one, whose
 * rank goes up by one. So adding a tree is counting: where the digit is taken,
 * carry. A root of rank r has at most r children, and r has about as many
 * bits as the number of nodes would fill.
 *
 * A node that leaves gives its children back as trees of their own. When it
 * was the first of all, the new first is among the roots.
 *
 * Invariant: no node is ordered before its parent; *node->link == node for
 * every node in the heap, be the link in `trees`, a parent's `child` or a
 * sibling's `next`; no root is ordered before heap->first.
 */
#include "heap.h"

static bool
earlier(const struct tp_heap_node *a, const struct tp_heap_node *b)
{
	if (a->due != b->due)
		return a->due < b->due;
	return a->sequence < b->sequence;
}

static void
attach(struct tp_heap_node *node, struct tp_heap_node **link)
{
	*link = node;
	if (node != NULL)
		node->link = link;
}

/* Joins two trees of the same rank. The result has no link. */
static struct tp_heap_node *
join(struct tp_heap_node *a, struct tp_heap_node *b)
{
	struct tp_heap_node *first = earlier(a, b) ? a : b;
	struct tp_heap_node *second = first == a ? b : a;

	attach(first->child, &second->next);
	attach(second, &first->child);
	if (first->rank < TP_HEAP_RANKS - 1)
		first->rank++;
	return first;
}

/* Adds a tree, whose root has no sibling. */
static void
add(struct tp_heap *heap, struct tp_heap_node *tree)
{
	struct tp_heap_node *other;

	while ((other = heap->trees[tree->rank]) != NULL) {
		heap->trees[tree->rank] = NULL;
		tree = join(tree, other);
	}
	attach(tree, &heap->trees[tree->rank]);
}

static struct tp_heap_node *
first_root(const struct tp_heap *heap)
{
	struct tp_heap_node *first = NULL;

	for (int rank = 0; rank < TP_HEAP_RANKS; rank++) {
		struct tp_heap_node *root = heap->trees[rank];

		if (root != NULL && (first == NULL || earlier(root, first)))
			first = root;
	}
	return first;
}

void
tp_heap_insert(struct tp_heap *heap, struct tp_heap_node *node, int64_t due)
{
	node->child = node->next = NULL;
	node->due = due;
	node->sequence = ++heap->sequence;
	node->rank = 0;
	if (heap->first == NULL || earlier(node, heap->first))
		heap->first = node;
	add(heap, node);
}

void
tp_heap_remove(struct tp_heap *heap, struct tp_heap_node *node)
{
	struct tp_heap_node *child, *next;

	if (!tp_heap_contains(node))
		return;
	attach(node->next, node->link);		/* its siblings close ranks */
	for (child = node->child; child != NULL; child = next) {
		next = child->next;
		child->next = NULL;
		add(heap, child);
	}
	node->child = node->next = NULL;
	node->link = NULL;
	if (node == heap->first)
		heap->first = first_root(heap);
}
