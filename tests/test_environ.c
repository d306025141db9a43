/* SPDX-License-Identifier: MIT */
/*
 * test_environ.c - callback environments, and the priority they carry
 *
 * An environment is read once, when an object is created. It may be of
 * version 1 or 3; what it asks for is checked; and what becomes of it
 * afterwards is of no concern to the objects.
 *
 * To see in which order queued callbacks start, a test holds the one thread
 * of a pool at a gate, posts, and reads who has noted himself first.
 */
#include "crowd.h"

/* ---- Environments ---- */

START_TEST(initialising_an_environment_fills_all_of_it)
{	/* POOL-24 */
	TP_CALLBACK_ENVIRON environ;

	memset(&environ, 0xCC, sizeof(environ));
	InitializeThreadpoolEnvironment(&environ);
	ck_assert_uint_eq(environ.Version, 3);
	ck_assert_uint_eq(environ.Size, sizeof(environ));
	ck_assert_int_eq((int)environ.CallbackPriority,
		TP_CALLBACK_PRIORITY_NORMAL);
	ck_assert_ptr_null(environ.Pool);
	ck_assert_ptr_null(environ.CleanupGroup);
	ck_assert_ptr_null(environ.RaceDll);
	ck_assert_ptr_null(environ.ActivationContext);
	ck_assert(environ.CleanupGroupCancelCallback == NULL);
	ck_assert(environ.FinalizationCallback == NULL);
	ck_assert_uint_eq(environ.u.Flags, 0);
}
END_TEST

START_TEST(environment_of_version_1_is_accepted)
{	/* POOL-25 */
	struct private_pool private;
	struct tally runs = TALLY_INIT;
	PTP_WORK work;

	private_pool_open(&private, 0, 1);
	private.environ.Version = 1;
	/* It ends before these fields: they must not be looked at. */
	private.environ.CallbackPriority = (TP_CALLBACK_PRIORITY)77;
	private.environ.Size = 12345;
	work = work_in(&private, count_work, &runs);
	submit(work, 1);
	ck_assert(TrySubmitThreadpoolCallback(count_simple, &runs,
		&private.environ));
	tally_await(&runs, 2);
	finish(work);
	private_pool_close(&private);
}
END_TEST

/* Both ways to create must refuse the environment, and run nothing. */
static void
expect_refusal(PTP_CALLBACK_ENVIRON environ)
{
	struct tally runs = TALLY_INIT;

	SetLastError(NO_ERROR);
	ck_assert_ptr_null(CreateThreadpoolWork(count_work, &runs, environ));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
	SetLastError(NO_ERROR);
	ck_assert(!TrySubmitThreadpoolCallback(count_simple, &runs,
		environ));
	ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
}

START_TEST(environment_of_an_unknown_version_is_refused)
{	/* POOL-26 */
	static const DWORD versions[] = { 0, 2, 4, 9999 };

	for (int i = 0; i < 4; i++) {
		TP_CALLBACK_ENVIRON environ;

		InitializeThreadpoolEnvironment(&environ);
		environ.Version = versions[i];
		expect_refusal(&environ);
	}
}
END_TEST

START_TEST(unknown_priority_is_refused)
{	/* POOL-32 */
	static const int priorities[] = { -1, 3, 10 };

	ck_assert_int_eq(TP_CALLBACK_PRIORITY_HIGH, 0);
	ck_assert_int_eq(TP_CALLBACK_PRIORITY_NORMAL, 1);
	ck_assert_int_eq(TP_CALLBACK_PRIORITY_LOW, 2);
	for (int i = 0; i < 3; i++) {
		TP_CALLBACK_ENVIRON environ;

		InitializeThreadpoolEnvironment(&environ);
		SetThreadpoolCallbackPriority(&environ,
			(TP_CALLBACK_PRIORITY)priorities[i]);
		expect_refusal(&environ);
	}
}
END_TEST

START_TEST(environment_without_a_pool_selects_the_default_pool)
{	/* POOL-27 */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	struct tally runs = TALLY_INIT;
	PTP_WORK busy, work;

	private_pool_open(&private, 1, 1);
	busy = work_in(&private, join_crowd, &crowd);
	submit(busy, 1);
	gate_await_waiting(&crowd.gate, 1);
	SetThreadpoolCallbackPool(&private.environ, NULL);
	TpSetCallbackFinalizationCallback(&private.environ, count_simple);
	work = work_in(&private, count_work, &runs);
	submit(work, 2);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&runs), 4);	/* setting applied */
	CloseThreadpoolWork(work);
	gate_open(&crowd.gate);
	finish(busy);
	private_pool_close(&private);
}
END_TEST

START_TEST(destroying_an_environment_takes_nothing_from_objects)
{	/* POOL-29 */
	struct private_pool private;
	struct tally runs = TALLY_INIT;
	PTP_WORK work;

	private_pool_open(&private, 0, 1);
	work = work_in(&private, count_work, &runs);
	DestroyThreadpoolEnvironment(&private.environ);
	memset(&private.environ, 0xCC, sizeof(private.environ));
	submit(work, 3);
	finish(work);
	ck_assert_uint_eq(tally_read(&runs), 3);
	CloseThreadpool(private.pool);
}
END_TEST

/* ---- Priorities ---- */

struct starts {
	char order[32];
	struct tally length;
};

struct starter {
	struct starts *starts;
	char name;
	PTP_WORK work;
};

static VOID CALLBACK
note_start(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct starter *starter = context;

	(void)instance;
	(void)work;
	starter->starts->order[tally_add(&starter->starts->length) - 1] =
		starter->name;
}

/* One environment serves for all three: priority belongs to the object. */
static void
make_starters(struct private_pool *private, struct starter starters[3],
	struct starts *starts)
{
	for (int i = 0; i < 3; i++) {
		SetThreadpoolCallbackPriority(&private->environ,
			(TP_CALLBACK_PRIORITY)i);
		starters[i] = (struct starter){ starts, "hnl"[i], NULL };
		starters[i].work = work_in(private, note_start,
			&starters[i]);
	}
}

START_TEST(queued_callbacks_start_by_priority)
{	/* POOL-33, POOL-35 */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	struct starts starts = { "", TALLY_INIT };
	struct starter starters[3];
	PTP_WORK busy;

	private_pool_open(&private, 1, 1);
	busy = work_in(&private, join_crowd, &crowd);
	make_starters(&private, starters, &starts);
	submit(busy, 1);
	gate_await_waiting(&crowd.gate, 1);
	for (int i = 2; i >= 0; i--)
		submit(starters[i].work, 3);	/* low, normal, high */
	gate_open(&crowd.gate);
	finish(busy);
	for (int i = 0; i < 3; i++)
		finish(starters[i].work);
	ck_assert_str_eq(starts.order, "hhhnnnlll");
	private_pool_close(&private);
}
END_TEST

START_TEST(priority_never_interrupts_a_running_callback)
{	/* POOL-34 */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	struct tally runs = TALLY_INIT;
	PTP_WORK low, high;

	private_pool_open(&private, 1, 1);
	SetThreadpoolCallbackPriority(&private.environ,
		TP_CALLBACK_PRIORITY_LOW);
	low = work_in(&private, join_crowd, &crowd);
	SetThreadpoolCallbackPriority(&private.environ,
		TP_CALLBACK_PRIORITY_HIGH);
	high = work_in(&private, count_work, &runs);
	submit(low, 1);
	gate_await_waiting(&crowd.gate, 1);
	submit(high, 1);
	let_others_run();
	ck_assert_uint_eq(tally_read(&runs), 0);
	gate_open(&crowd.gate);
	finish(high);
	ck_assert_uint_eq(tally_read(&crowd.finished), 1);
	finish(low);
	private_pool_close(&private);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("environ");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small, initialising_an_environment_fills_all_of_it);
	tcase_add_test(small, environment_of_version_1_is_accepted);
	tcase_add_test(small, environment_of_an_unknown_version_is_refused);
	tcase_add_test(small, unknown_priority_is_refused);
	tcase_add_test(small,
		environment_without_a_pool_selects_the_default_pool);
	tcase_add_test(small,
		destroying_an_environment_takes_nothing_from_objects);
	tcase_add_test(small, queued_callbacks_start_by_priority);
	tcase_add_test(small, priority_never_interrupts_a_running_callback);
	return harness_run(suite);
}
