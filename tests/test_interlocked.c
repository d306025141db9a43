/* SPDX-License-Identifier: MIT */
/*
 * test_interlocked.c - the Interlocked functions, and the barrier
 *
 * What they return is tested one by one; that they lose nothing, by threads
 * that count together. The barrier is tested by the one thing that it must
 * prevent: that two threads each miss what the other has written.
 */
#include <limits.h>
#include <stdalign.h>
#include <stdatomic.h>

#include "crew.h"

START_TEST(interlocked_functions_give_the_new_or_the_old_value)
{
	LONG n = 5;

	ck_assert_int_eq(InterlockedIncrement(&n), 6);
	ck_assert_int_eq(InterlockedDecrement(&n), 5);
	ck_assert_int_eq(InterlockedAdd(&n, 3), 8);
	ck_assert_int_eq(InterlockedExchangeAdd(&n, -2), 8);
	ck_assert_int_eq(InterlockedExchange(&n, 12), 6);
	ck_assert_int_eq(InterlockedAnd(&n, 10), 12);
	ck_assert_int_eq(InterlockedOr(&n, 3), 8);
	ck_assert_int_eq(InterlockedXor(&n, 6), 11);
	ck_assert_int_eq(n, 13);
	ck_assert_int_eq(InterlockedCompareExchange(&n, 1, 2), 13);
	ck_assert_int_eq(n, 13);
	ck_assert_int_eq(InterlockedCompareExchange(&n, 1, 13), 13);
	ck_assert_int_eq(n, 1);
	n = INT_MAX;
	ck_assert_int_eq(InterlockedIncrement(&n), INT_MIN);
}
END_TEST

START_TEST(interlocked_functions_have_64_bit_forms)
{
	const LONG64 high = (LONG64)1 << 40;
	LONG64 n = high;

	ck_assert_int_eq(InterlockedIncrement64(&n), high + 1);
	ck_assert_int_eq(InterlockedDecrement64(&n), high);
	ck_assert_int_eq(InterlockedAdd64(&n, high), 2 * high);
	ck_assert_int_eq(InterlockedExchangeAdd64(&n, -high), 2 * high);
	ck_assert_int_eq(InterlockedOr64(&n, 3), high);
	ck_assert_int_eq(InterlockedXor64(&n, high), high + 3);
	ck_assert_int_eq(InterlockedAnd64(&n, 2), 3);
	ck_assert_int_eq(InterlockedExchange64(&n, high), 2);
	ck_assert_int_eq(InterlockedCompareExchange64(&n, 7, 0), high);
	ck_assert_int_eq(InterlockedCompareExchange64(&n, 7, high), high);
	ck_assert_int_eq(n, 7);
}
END_TEST

START_TEST(interlocked_functions_exchange_pointers)
{
	int a, b;
	PVOID p = &a;

	ck_assert_ptr_eq(InterlockedExchangePointer(&p, &b), &a);
	ck_assert_ptr_eq(InterlockedCompareExchangePointer(&p, NULL, &a), &b);
	ck_assert_ptr_eq(p, &b);
	ck_assert_ptr_eq(InterlockedCompareExchangePointer(&p, NULL, &b), &b);
	ck_assert_ptr_null(p);
}
END_TEST

struct counters {
	LONG n;
	LONG64 wide;
	LONG by_compare;
};

static void *
count_up(void *argument)
{
	struct counters *c = argument;
	LONG seen;

	for (int i = 0; i < ROUNDS; i++) {
		InterlockedIncrement(&c->n);
		InterlockedExchangeAdd64(&c->wide, (LONG64)1 << 32);
		do
			seen = InterlockedOr(&c->by_compare, 0);
		while (InterlockedCompareExchange(&c->by_compare, seen + 1,
			seen) != seen);
	}
	return NULL;
}

START_TEST(interlocked_functions_lose_nothing)
{
	struct counters c = { 0, 0, 0 };
	struct crew crew;

	crew_start(&crew, 4, count_up, &c);
	crew_join(&crew);
	ck_assert_int_eq(c.n, 4 * ROUNDS);
	ck_assert_int_eq(c.wide, (LONG64)(4 * ROUNDS) << 32);
	ck_assert_int_eq(c.by_compare, 4 * ROUNDS);
}
END_TEST

/*
 * Two threads each write their own variable and read the other's. A
 * processor may read before its write is seen by others: then both read 0.
 */
struct crossing {
	struct {
		alignas(64) atomic_int by;	/* a cache line each */
	} written[2];
	int read[2];
	LONG next_name;
	atomic_int arrived;
	unsigned both_blind;
};

/* Until both threads have come to this place for the n-th time. */
static void
meet(struct crossing *c, LONG n)
{
	unsigned looks = 0;

	atomic_fetch_add(&c->arrived, 1);
	while (atomic_load(&c->arrived) < 2 * n)
		if (++looks % 1000 == 0)
			YieldProcessor();
}

static void *
write_then_read(void *argument)
{
	struct crossing *c = argument;
	LONG me = InterlockedIncrement(&c->next_name) - 1;
	LONG n = 0;

	for (int round = 0; round < ROUNDS; round++) {
		atomic_store_explicit(&c->written[me].by, 0,
			memory_order_relaxed);
		meet(c, ++n);
		atomic_store_explicit(&c->written[me].by, 1,
			memory_order_relaxed);
		MemoryBarrier();
		c->read[me] = atomic_load_explicit(&c->written[1 - me].by,
			memory_order_relaxed);
		meet(c, ++n);
		if (me == 0 && c->read[0] == 0 && c->read[1] == 0)
			c->both_blind++;
	}
	return NULL;
}

START_TEST(a_barrier_keeps_a_read_behind_a_write)
{
	static struct crossing c;
	struct crew crew;

	crew_start(&crew, 2, write_then_read, &c);
	crew_join(&crew);
	ck_assert_uint_eq(c.both_blind, 0);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("interlocked");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(small,
		interlocked_functions_give_the_new_or_the_old_value);
	tcase_add_test(small, interlocked_functions_have_64_bit_forms);
	tcase_add_test(small, interlocked_functions_exchange_pointers);
	tcase_add_test(large, interlocked_functions_lose_nothing);
	tcase_add_test(large, a_barrier_keeps_a_read_behind_a_write);
	return harness_run(suite);
}
