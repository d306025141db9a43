/* SPDX-License-Identifier: MIT */
/*
 * test_pool_stack.c - the stacks of a pool's threads
 *
 * What was set is read back, whatever it is; what a thread really has, its
 * callback asks the system (pthread_getattr_np). The system rounds up, and
 * a sanitizer wants more for itself, so a stack is at least as large as it
 * was asked for, and less than a mebibyte larger.
 */
#ifdef __linux__
#define _GNU_SOURCE		/* pthread_getattr_np */
#endif
#include <limits.h>
#include <stdint.h>

#include "crowd.h"

#define KIB	((SIZE_T)1024)
#define MIB	(1024 * KIB)

static TP_POOL_STACK_INFORMATION
stack_of(PTP_POOL pool)
{
	TP_POOL_STACK_INFORMATION stack = { 0, 0 };

	ck_assert(QueryThreadpoolStackInformation(pool, &stack));
	return stack;
}

static void
set_stack(PTP_POOL pool, SIZE_T reserve)
{
	TP_POOL_STACK_INFORMATION stack = { reserve, 1 };

	ck_assert(SetThreadpoolStackInformation(pool, &stack));
}

/* ---- What is set ---- */

START_TEST(a_new_pool_has_the_stack_sizes_of_the_system)
{	/* POOL-40 */
	PTP_POOL pools[2] = { CreateThreadpool(NULL), CreateThreadpool(NULL) };
	TP_POOL_STACK_INFORMATION stack = stack_of(pools[0]);

	ck_assert_uint_gt(stack.StackCommit, 0);
	ck_assert_uint_ge(stack.StackReserve, stack.StackCommit);
	set_stack(pools[0], 3 * MIB);
	/* Each pool has its own. */
	ck_assert_uint_eq(stack_of(pools[1]).StackReserve,
		stack.StackReserve);
	for (int i = 0; i < 2; i++)
		CloseThreadpool(pools[i]);
}
END_TEST

START_TEST(stack_sizes_are_read_back_as_they_were_set)
{	/* POOL-40, POOL-41 */
	static const TP_POOL_STACK_INFORMATION sizes[] = {
		{ 2 * MIB, 64 * KIB }, { 1, 1 }, { 0, 0 }, { 12345, 54321 },
		{ SIZE_MAX, SIZE_MAX }
	};
	PTP_POOL pool = CreateThreadpool(NULL);

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		TP_POOL_STACK_INFORMATION stack = sizes[i];

		ck_assert(SetThreadpoolStackInformation(pool, &stack));
		stack = stack_of(pool);
		ck_assert_uint_eq(stack.StackReserve, sizes[i].StackReserve);
		ck_assert_uint_eq(stack.StackCommit, sizes[i].StackCommit);
	}
	CloseThreadpool(pool);
}
END_TEST

START_TEST(stack_information_must_not_be_null)
{	/* POOL-43 */
	PTP_POOL pool = CreateThreadpool(NULL);
	SIZE_T reserve = stack_of(pool).StackReserve;

	SetLastError(NO_ERROR);
	ck_assert(!SetThreadpoolStackInformation(pool, NULL));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	SetLastError(NO_ERROR);
	ck_assert(!QueryThreadpoolStackInformation(pool, NULL));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	ck_assert_uint_eq(stack_of(pool).StackReserve, reserve);
	CloseThreadpool(pool);
}
END_TEST

/* ---- What a thread gets ---- */

struct tenant {
	struct private_pool private;
	struct crowd crowd;
	LONG volatile count;
	SIZE_T stacks[4];	/* in the order in which they came */
	PTP_WORK work;
};

/* The stack that the calling thread has, in bytes. */
static SIZE_T
own_stack(void)
{
	pthread_attr_t attributes;
	void *address;
	size_t size;

	ck_assert_int_eq(pthread_getattr_np(pthread_self(), &attributes), 0);
	ck_assert_int_eq(pthread_attr_getstack(&attributes, &address, &size),
		0);
	ck_assert_int_eq(pthread_attr_destroy(&attributes), 0);
	return size;
}

static VOID CALLBACK
note_stack(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct tenant *tenant = context;

	tenant->stacks[InterlockedIncrement(&tenant->count) - 1] =
		own_stack();
	join_crowd(instance, &tenant->crowd, work);
}

static void
tenant_open(struct tenant *tenant)
{
	*tenant = (struct tenant){ .crowd = CROWD_INIT };
	setenv("TP_PROCESSORS", "8", 1);
	private_pool_open(&tenant->private, 0, 4);
}

/* One post more, on one thread more, since those that came stay. */
static SIZE_T
next_stack(struct tenant *tenant)
{
	unsigned long threads = tally_read(&tenant->crowd.started);

	if (threads == 0)
		tenant->work = work_in(&tenant->private, note_stack, tenant);
	submit(tenant->work, 1);
	tally_await(&tenant->crowd.started, threads + 1);
	return tenant->stacks[threads];
}

static void
tenant_close(struct tenant *tenant)
{
	gate_open(&tenant->crowd.gate);
	finish(tenant->work);
	private_pool_close(&tenant->private);
}

static void
assert_about(SIZE_T stack, SIZE_T asked)
{
	ck_assert_uint_ge(stack, asked);
	ck_assert_uint_lt(stack, asked + MIB);
}

START_TEST(a_thread_has_the_stack_that_its_pool_says)
{	/* POOL-40 */
	struct tenant tenant;

	tenant_open(&tenant);
	assert_about(next_stack(&tenant),
		stack_of(tenant.private.pool).StackReserve);
	tenant_close(&tenant);
}
END_TEST

START_TEST(stack_sizes_are_those_of_threads_made_afterwards)
{	/* POOL-42 */
	struct tenant tenant, other;
	SIZE_T usual;

	tenant_open(&tenant);
	tenant_open(&other);
	usual = next_stack(&tenant);
	set_stack(tenant.private.pool, usual + 2 * MIB);
	assert_about(next_stack(&tenant), usual + 2 * MIB);
	set_stack(tenant.private.pool, usual + MIB);
	assert_about(next_stack(&tenant), usual + MIB);
	assert_about(tenant.stacks[0], usual);
	assert_about(next_stack(&other), usual);
	tenant_close(&tenant);
	tenant_close(&other);
}
END_TEST

START_TEST(the_missing_threads_of_a_minimum_have_the_new_stack)
{	/* POOL-11, POOL-42, port-defined */
	struct tenant tenant;

	tenant_open(&tenant);
	set_stack(tenant.private.pool, 700 * KIB);
	ck_assert(SetThreadpoolThreadMinimum(tenant.private.pool, 3));
	for (int i = 0; i < 3; i++)
		assert_about(next_stack(&tenant), 700 * KIB);
	ck_assert_uint_eq(workers(tenant.private.pool), 3);
	tenant_close(&tenant);
}
END_TEST

START_TEST(too_small_a_stack_is_made_as_large_as_the_system_wants)
{	/* POOL-41 */
	struct tenant tenant;

	explore_cannot("the smallest stack is too small for the explorer");
	tenant_open(&tenant);
	set_stack(tenant.private.pool, 1);
	assert_about(next_stack(&tenant), (SIZE_T)PTHREAD_STACK_MIN);
	tenant_close(&tenant);
}
END_TEST

START_TEST(no_stack_size_is_that_of_the_system)
{	/* POOL-41 */
	struct tenant tenant;
	SIZE_T usual;

	tenant_open(&tenant);
	usual = stack_of(tenant.private.pool).StackReserve;
	set_stack(tenant.private.pool, 0);
	assert_about(next_stack(&tenant), usual);
	tenant_close(&tenant);
}
END_TEST

START_TEST(a_stack_beyond_all_memory_is_a_thread_that_cannot_be_made)
{	/* POOL-10, POOL-41 */
	struct tenant tenant;

	tenant_open(&tenant);
	set_stack(tenant.private.pool, SIZE_MAX / 4);
	SetLastError(NO_ERROR);
	ck_assert_ptr_null(CreateThreadpoolWork(note_stack, &tenant,
		&tenant.private.environ));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	ck_assert(!SetThreadpoolThreadMinimum(tenant.private.pool, 1));
	ck_assert_uint_eq(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
	set_stack(tenant.private.pool, MIB);
	assert_about(next_stack(&tenant), MIB);
	tenant_close(&tenant);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("pool_stack");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small, a_new_pool_has_the_stack_sizes_of_the_system);
	tcase_add_test(small, stack_sizes_are_read_back_as_they_were_set);
	tcase_add_test(small, stack_information_must_not_be_null);
	tcase_add_test(small, a_thread_has_the_stack_that_its_pool_says);
	tcase_add_test(small,
		stack_sizes_are_those_of_threads_made_afterwards);
	tcase_add_test(small,
		the_missing_threads_of_a_minimum_have_the_new_stack);
	tcase_add_test(small,
		too_small_a_stack_is_made_as_large_as_the_system_wants);
	tcase_add_test(small, no_stack_size_is_that_of_the_system);
	tcase_add_test(small,
		a_stack_beyond_all_memory_is_a_thread_that_cannot_be_made);
	return harness_run(suite);
}
