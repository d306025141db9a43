/* SPDX-License-Identifier: MIT */
/*
 * test_init_once.c - one-time initialisation
 *
 * The first thread to come initialises, and is held at a gate while it does
 * so; the others must wait for it and get the same context. Where it fails,
 * the next one tries again.
 */
#include <stdalign.h>

#include "crew.h"

struct first_use {
	INIT_ONCE once;
	struct gate gate;
	LONG calls;
	LONG to_fail;		/* how many calls are to fail */
	LONG returned;
	alignas(max_align_t) char what[16];
};

static BOOL CALLBACK
first_use(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
	struct first_use *f = parameter;

	ck_assert_ptr_eq(once, &f->once);
	if (InterlockedIncrement(&f->calls) <= f->to_fail) {
		SetLastError(ERROR_NOT_SUPPORTED);
		return FALSE;
	}
	gate_wait(&f->gate);
	*context = f->what;
	return TRUE;
}

static void *
use(void *argument)
{
	struct first_use *f = argument;
	PVOID context = NULL;

	ck_assert(InitOnceExecuteOnce(&f->once, first_use, f, &context));
	ck_assert_ptr_eq(context, f->what);
	InterlockedIncrement(&f->returned);
	return NULL;
}

START_TEST(the_first_use_initialises_and_others_wait_for_it)
{
	struct first_use f = { .once = INIT_ONCE_STATIC_INIT,
		.gate = GATE_INIT };
	struct crew crew;

	crew_start(&crew, 4, use, &f);
	gate_await_waiting(&f.gate, 1);
	ck_assert_int_eq(InterlockedOr(&f.returned, 0), 0);
	gate_open(&f.gate);
	crew_join(&crew);
	use(&f);
	ck_assert_int_eq(f.calls, 1);
	ck_assert(InitOnceExecuteOnce(&f.once, first_use, &f, NULL));
	ck_assert_int_eq(f.calls, 1);
}
END_TEST

START_TEST(an_initialisation_that_failed_is_tried_again)
{
	struct first_use f = { .gate = GATE_INIT, .to_fail = 2 };
	PVOID context = NULL;

	InitOnceInitialize(&f.once);
	gate_open(&f.gate);
	for (int i = 0; i < 2; i++) {
		SetLastError(ERROR_SUCCESS);
		ck_assert(!InitOnceExecuteOnce(&f.once, first_use, &f,
			&context));
		ck_assert_uint_eq(GetLastError(), ERROR_NOT_SUPPORTED);
		ck_assert_ptr_null(context);
	}
	use(&f);
	ck_assert_int_eq(f.calls, 3);
}
END_TEST

static BOOL CALLBACK
give_an_odd_context(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
	UNREFERENCED_PARAMETER(once);
	*context = (char *)parameter + 1;
	return TRUE;
}

START_TEST(a_context_that_is_not_aligned_is_refused)
{	/* no rule: decided here, not known of Windows */
	struct first_use f = { .gate = GATE_INIT };
	PVOID context = NULL;

	ck_assert(!InitOnceExecuteOnce(&f.once, give_an_odd_context, f.what,
		&context));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	gate_open(&f.gate);
	use(&f);
}
END_TEST

#define ONCES 2000

struct onces {
	struct first_use uses[ONCES];
};

static void *
use_all(void *argument)
{
	struct onces *onces = argument;

	for (int i = 0; i < ONCES; i++) {
		struct first_use *f = &onces->uses[i];
		PVOID context;

		while (!InitOnceExecuteOnce(&f->once, first_use, f, &context))
			continue;
		ck_assert_ptr_eq(context, f->what);
	}
	return NULL;
}

START_TEST(initialisation_happens_once_under_load)
{
	static struct onces onces;
	struct crew crew;

	for (int i = 0; i < ONCES; i++) {
		onces.uses[i].gate = (struct gate)GATE_INIT;
		onces.uses[i].gate.open = true;
		onces.uses[i].to_fail = i % 3;
	}
	crew_start(&crew, CREW_MAX, use_all, &onces);
	crew_join(&crew);
	for (int i = 0; i < ONCES; i++)
		ck_assert_int_eq(onces.uses[i].calls,
			onces.uses[i].to_fail + 1);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("init_once");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(small, the_first_use_initialises_and_others_wait_for_it);
	tcase_add_test(small, an_initialisation_that_failed_is_tried_again);
	tcase_add_test(small, a_context_that_is_not_aligned_is_refused);
	tcase_add_test(large, initialisation_happens_once_under_load);
	return harness_run(suite);
}
