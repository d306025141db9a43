/* SPDX-License-Identifier: MIT */
/*
 * test_tls.c - thread-local slots
 *
 * An index that was freed and is allocated again must read NULL on every
 * thread, though there it still held a value when it was freed.
 */
#include "crew.h"

struct slot {
	DWORD index;
	struct gate stored;
};

static void *
store_and_look_again(void *argument)
{
	struct slot *slot = argument;
	int mine;

	ck_assert_ptr_null(TlsGetValue(slot->index));
	ck_assert(TlsSetValue(slot->index, &mine));
	ck_assert_ptr_eq(TlsGetValue(slot->index), &mine);
	gate_wait(&slot->stored);
	SetLastError(ERROR_NOACCESS);
	ck_assert_ptr_null(TlsGetValue(slot->index));
	ck_assert_uint_eq(GetLastError(), ERROR_SUCCESS);
	return NULL;
}

START_TEST(an_index_allocated_again_is_null_on_every_thread)
{
	struct slot slot = { TlsAlloc(), GATE_INIT };
	struct crew crew;
	int mine;

	ck_assert_uint_ne(slot.index, TLS_OUT_OF_INDEXES);
	ck_assert(TlsSetValue(slot.index, &mine));
	crew_start(&crew, 2, store_and_look_again, &slot);
	gate_await_waiting(&slot.stored, 2);
	ck_assert_ptr_eq(TlsGetValue(slot.index), &mine);
	ck_assert(TlsFree(slot.index));
	ck_assert_uint_eq(TlsAlloc(), slot.index);
	gate_open(&slot.stored);
	crew_join(&crew);
	ck_assert_ptr_null(TlsGetValue(slot.index));
	ck_assert(TlsFree(slot.index));
}
END_TEST

START_TEST(indexes_run_out_and_come_back)
{
	DWORD indexes[TLS_MINIMUM_AVAILABLE];
	unsigned n = 0;
	DWORD index;

	while ((index = TlsAlloc()) != TLS_OUT_OF_INDEXES) {
		for (unsigned i = 0; i < n; i++)
			ck_assert_uint_ne(indexes[i], index);
		ck_assert_uint_lt(n, TLS_MINIMUM_AVAILABLE);
		indexes[n++] = index;
	}
	ck_assert_uint_eq(GetLastError(), ERROR_NO_MORE_ITEMS);
	ck_assert_uint_eq(n, TLS_MINIMUM_AVAILABLE);
	while (n > 0)
		ck_assert(TlsFree(indexes[--n]));
	index = TlsAlloc();
	ck_assert_uint_ne(index, TLS_OUT_OF_INDEXES);
	ck_assert(TlsFree(index));
}
END_TEST

START_TEST(an_index_that_is_not_allocated_is_refused)
{	/* no rule: decided here, not known of Windows */
	const DWORD bad[] = { TlsAlloc(), TLS_MINIMUM_AVAILABLE,
		TLS_OUT_OF_INDEXES };

	ck_assert(TlsFree(bad[0]));
	for (size_t i = 0; i < ARRAYSIZE(bad); i++) {
		SetLastError(ERROR_SUCCESS);
		ck_assert_ptr_null(TlsGetValue(bad[i]));
		ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
		SetLastError(ERROR_SUCCESS);
		ck_assert(!TlsSetValue(bad[i], NULL));
		ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
		SetLastError(ERROR_SUCCESS);
		ck_assert(!TlsFree(bad[i]));
		ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	}
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("tls");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small, an_index_allocated_again_is_null_on_every_thread);
	tcase_add_test(small, indexes_run_out_and_come_back);
	tcase_add_test(small, an_index_that_is_not_allocated_is_refused);
	return harness_run(suite);
}
