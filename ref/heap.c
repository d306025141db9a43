/* heap.c - the pairing heap behind due times */
/* SPDX-License-Identifier: MIT */
/*
 * Invariant: no node is ordered before its parent; *node->link == node for
 * every node in the heap, be the link the root, a parent's `child` or a
 * sibling's `next`.
 *
 * Two heaps are joined by hanging the later root under the earlier one.
 * When a node leaves, its children are joined two by two, and then the
 * results into one, from the last to the first: this order is what makes
 * the cost logarithmic in the long run.
 *
 * In the long run only: were all that is inserted left under the root, the
 * first removal after a million insertions would join a million nodes, while
 * everybody waits for the lock. So part of it is done at once, as one
 * carries when counting: while the first child of the root has a rank no
 * lower than that of the second, the two are joined. A node's rank says how
 * often it won against an equal. Few children remain under the root, and an
 * insertion makes two comparisons on average.
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

/* Joins two roots, either of which may be NULL. The result has no link. */
static struct tp_heap_node *
join(struct tp_heap_node *a, struct tp_heap_node *b)
{
	struct tp_heap_node *first, *second;

	if (a == NULL || b == NULL)
		return a != NULL ? a : b;
	first = earlier(a, b) ? a : b;
	second = first == a ? b : a;
	attach(first->child, &second->next);
	attach(second, &first->child);
	if (first->rank < second->rank)
		first->rank = second->rank;
	else if (first->rank == second->rank)
		first->rank++;
	return first;
}

/* Joins a list of siblings into one root. */
static struct tp_heap_node *
join_siblings(struct tp_heap_node *list)
{
	struct tp_heap_node *pairs = NULL, *root = NULL;

	while (list != NULL) {		/* two by two, from the first */
		struct tp_heap_node *a = list, *b = a->next, *pair;

		list = b != NULL ? b->next : NULL;
		a->next = NULL;
		if (b != NULL)
			b->next = NULL;
		pair = join(a, b);
		pair->next = pairs;
		pairs = pair;
	}
	while (pairs != NULL) {		/* into one, from the last */
		struct tp_heap_node *next = pairs->next;

		pairs->next = NULL;
		root = join(root, pairs);
		pairs = next;
	}
	return root;
}

/* Joins the first children of the root until their ranks rise. */
static void
carry(struct tp_heap_node *root)
{
	struct tp_heap_node *a, *b, *rest;

	while ((a = root->child) != NULL && (b = a->next) != NULL &&
	    a->rank >= b->rank) {
		rest = b->next;
		a->next = b->next = NULL;
		a = join(a, b);
		attach(rest, &a->next);
		attach(a, &root->child);
	}
}

void
tp_heap_insert(struct tp_heap *heap, struct tp_heap_node *node, int64_t due)
{
	node->child = node->next = NULL;
	node->due = due;
	node->sequence = ++heap->sequence;
	node->rank = 0;
	attach(join(heap->root, node), &heap->root);
	carry(heap->root);
}

void
tp_heap_remove(struct tp_heap *heap, struct tp_heap_node *node)
{
	struct tp_heap_node *heir;

	(void)heap;			/* the links say it all */
	if (!tp_heap_contains(node))
		return;
	heir = join_siblings(node->child);
	if (heir == NULL) {
		attach(node->next, node->link);
	} else {			/* no earlier than the node */
		attach(heir, node->link);
		attach(node->next, &heir->next);
	}
	node->child = node->next = NULL;
	node->link = NULL;
}
