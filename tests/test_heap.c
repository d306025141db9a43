/* SPDX-License-Identifier: MIT */
/*
 * test_heap.c - the heap of due times
 *
 * The heap is compared with a reference that is searched from end to end,
 * step by step, over many insertions and removals at random (the same ones
 * in every run). Due times are few, so that many are equal: of these the one
 * set first must come first.
 */
#include "harness.h"

#include "../ref/heap.h"

#define NODES	400

/* The reference: searched from end to end, so there is nothing to get wrong. */
struct reference {
	struct tp_heap_node nodes[NODES];
	bool inside[NODES];
	unsigned long inserted[NODES];	/* order of insertion */
	unsigned long insertions;
};

static unsigned
pseudo_random(unsigned *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* The node that has to come first; -1: none. */
static int
first_of(const struct reference *reference)
{
	int first = -1;

	for (int i = 0; i < NODES; i++) {
		const struct tp_heap_node *a = &reference->nodes[i];

		if (!reference->inside[i])
			continue;
		if (first < 0 || a->due < reference->nodes[first].due ||
		    (a->due == reference->nodes[first].due &&
		     reference->inserted[i] < reference->inserted[first]))
			first = i;
	}
	return first;
}

static void
expect_first(const struct tp_heap *heap, const struct reference *reference)
{
	int first = first_of(reference);

	if (first < 0)
		ck_assert_ptr_null(tp_heap_first(heap));
	else
		ck_assert_ptr_eq(tp_heap_first(heap),
			&reference->nodes[first]);
}

/* One insertion or removal; due times are few, so that many are equal. */
static void
change_heap(struct tp_heap *heap, struct reference *reference,
	unsigned *random)
{
	int i = (int)(pseudo_random(random) % NODES);

	ck_assert_int_eq(tp_heap_contains(&reference->nodes[i]),
		reference->inside[i]);
	if (reference->inside[i] && pseudo_random(random) % 3 == 0)
		i = first_of(reference);	/* as the dispatcher does */
	if (reference->inside[i]) {
		tp_heap_remove(heap, &reference->nodes[i]);
	} else {
		tp_heap_insert(heap, &reference->nodes[i],
			pseudo_random(random) % 50);
		reference->inserted[i] = ++reference->insertions;
	}
	reference->inside[i] = !reference->inside[i];
}

START_TEST(heap_agrees_with_a_sorted_reference)
{
	static struct reference reference;
	struct tp_heap heap = { .first = NULL };
	unsigned random = 1;
	int i;

	for (int step = 0; step < 20000; step++) {
		change_heap(&heap, &reference, &random);
		expect_first(&heap, &reference);
	}
	while ((i = first_of(&reference)) >= 0) {
		expect_first(&heap, &reference);
		tp_heap_remove(&heap, &reference.nodes[i]);
		reference.inside[i] = false;
	}
	ck_assert_ptr_null(tp_heap_first(&heap));
}
END_TEST

START_TEST(heap_gives_equal_due_times_in_order_of_insertion)
{
	static struct tp_heap_node nodes[1000];
	struct tp_heap heap = { .first = NULL };

	for (int i = 0; i < 1000; i++)
		tp_heap_insert(&heap, &nodes[i], i < 500 ? 7 : 3);
	for (int i = 500; i < 1500; i++) {
		ck_assert_ptr_eq(tp_heap_first(&heap), &nodes[i % 1000]);
		tp_heap_remove(&heap, &nodes[i % 1000]);
		tp_heap_remove(&heap, &nodes[i % 1000]);	/* harmless */
	}
	ck_assert_ptr_null(tp_heap_first(&heap));
}
END_TEST

#define MANY	5000

/* The due time of the i-th insertion, in one order or another. */
static int64_t
due_of(int order, int i, unsigned *random)
{
	switch (order) {
	case 0:
		return i;			/* each is the last */
	case 1:
		return MANY - i;		/* each is the first */
	case 2:
		return i % 2 == 0 ? i : -i;
	case 3:
		return i % 70;
	default:
		return pseudo_random(random) % MANY;
	}
}

/* Takes the first until none is left: they come in order. */
static int
drain(struct tp_heap *heap)
{
	const struct tp_heap_node *last = NULL;
	struct tp_heap_node *first;
	int taken = 0;

	while ((first = tp_heap_first(heap)) != NULL) {
		if (last != NULL)
			ck_assert(first->due > last->due ||
				(first->due == last->due && first > last));
		tp_heap_remove(heap, first);
		last = first;
		taken++;
	}
	return taken;
}

START_TEST(heap_sorts_whatever_order_they_came_in)
{
	static struct tp_heap_node nodes[MANY];
	unsigned random = 1;

	for (int order = 0; order < 5; order++) {
		struct tp_heap heap = { .first = NULL };
		int left = MANY;

		for (int i = 0; i < MANY; i++)
			tp_heap_insert(&heap, &nodes[i],
				due_of(order, i, &random));
		for (int i = order; i < MANY; i += 3) {
			tp_heap_remove(&heap, &nodes[i * 7l % MANY]);
			left--;
		}
		ck_assert_int_eq(drain(&heap), left);
		for (int i = 0; i < MANY; i++)
			ck_assert(!tp_heap_contains(&nodes[i]));
	}
}
END_TEST

/* How many nodes would the removal of this one have to join? */
static unsigned
children(const struct tp_heap_node *node)
{
	unsigned count = 0;

	for (node = node->child; node != NULL; node = node->next)
		count++;
	return count;
}

#define SOME	100000

/* Removes a node, which may not take long, and perhaps inserts it again. */
static void
put_off(struct tp_heap *heap, struct tp_heap_node *node, int64_t due)
{
	ck_assert_uint_lt(children(node), TP_HEAP_RANKS);
	tp_heap_remove(heap, node);
	if (due >= 0)
		tp_heap_insert(heap, node, due);
}

/* Whoever removes one holds a lock, and all others wait. */
START_TEST(no_removal_joins_a_great_part_of_the_heap)
{
	static struct tp_heap_node nodes[SOME];
	struct tp_heap heap = { .first = NULL };
	unsigned random = 1;

	for (int i = 0; i < SOME; i++)
		tp_heap_insert(&heap, &nodes[i], i);
	for (int i = 0; i < SOME; i++)	/* time-outs that start anew */
		put_off(&heap, &nodes[i], SOME + i);
	for (int i = 0; i < SOME; i++)
		put_off(&heap, &nodes[pseudo_random(&random) % SOME],
			i % 2 == 0 ? (int64_t)pseudo_random(&random) : -1);
	while (tp_heap_first(&heap) != NULL)
		put_off(&heap, tp_heap_first(&heap), -1);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("heap");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(large, heap_agrees_with_a_sorted_reference);
	tcase_add_test(large, heap_sorts_whatever_order_they_came_in);
	tcase_add_test(large, no_removal_joins_a_great_part_of_the_heap);
	tcase_add_test(small, heap_gives_equal_due_times_in_order_of_insertion);
	return harness_run(suite);
}
