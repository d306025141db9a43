/* SPDX-License-Identifier: MIT */
/*
 * test_pool_settings.c - what an object keeps of its environment
 *
 * An object copies what it finds, once. Whatever becomes of the structure
 * then, changed, destroyed or filled with rubbish, the object has its pool,
 * its group, its finalization callback and its flags. That the structure is
 * checked is in test_environ.c; what a library setting does, in the suites
 * of chapter 05.
 */
#include <string.h>

#include "crowd.h"

/* ---- Finalization callbacks ---- */

/* What a finalization callback must find: as the callback has left it. */
struct trail {
	PTP_CALLBACK_INSTANCE instance;	/* of the callback before */
	DWORD thread;
	unsigned callbacks;
	struct tally finals;
};

static void
leave_trail(PTP_CALLBACK_INSTANCE instance, struct trail *trail)
{
	trail->instance = instance;
	trail->thread = GetCurrentThreadId();
	trail->callbacks++;
}

static VOID CALLBACK
trail_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)work;
	leave_trail(instance, context);
}

static VOID CALLBACK
trail_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	leave_trail(instance, context);
}

static VOID CALLBACK
trail_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)timer;
	leave_trail(instance, context);
}

static VOID CALLBACK
trail_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)wait;
	(void)result;
	leave_trail(instance, context);
}

static VOID CALLBACK
follow_trail(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct trail *trail = context;

	ck_assert_ptr_eq(instance, trail->instance);
	ck_assert_uint_eq(GetCurrentThreadId(), trail->thread);
	ck_assert_uint_eq(trail->callbacks, tally_add(&trail->finals));
}

/* One due at once, and one whose event is signalled. */
static void
run_timer_and_wait(struct trail *trail, PTP_CALLBACK_ENVIRON environ)
{
	PTP_TIMER timer = CreateThreadpoolTimer(trail_timer, trail, environ);
	PTP_WAIT wait = CreateThreadpoolWait(trail_wait, trail, environ);
	HANDLE event = CreateEventA(NULL, TRUE, TRUE, NULL);
	FILETIME now = { 0, 0 };

	SetThreadpoolTimer(timer, &now, 0, 0);
	SetThreadpoolWait(wait, event, NULL);
	WaitForThreadpoolTimerCallbacks(timer, FALSE);
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	ck_assert_uint_eq(tally_read(&trail->finals), 4);
	CloseThreadpoolTimer(timer);
	CloseThreadpoolWait(wait);
	CloseHandle(event);
}

START_TEST(finalization_follows_each_callback_of_every_kind)
{	/* INST-27 */
	struct private_pool private;
	struct trail trail = { .finals = TALLY_INIT };
	PTP_WORK work;

	private_pool_open(&private, 1, 1);
	TpSetCallbackFinalizationCallback(&private.environ, follow_trail);
	work = work_in(&private, trail_work, &trail);
	submit(work, 2);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&trail.finals), 2);
	run_timer_and_wait(&trail, &private.environ);
	ck_assert(TrySubmitThreadpoolCallback(trail_simple, &trail,
		&private.environ));
	tally_await(&trail.finals, 5);
	submit(work, 1);
	WaitForThreadpoolWorkCallbacks(work, TRUE);	/* dropped, perhaps */
	ck_assert_uint_eq(tally_read(&trail.finals), trail.callbacks);
	CloseThreadpoolWork(work);
	private_pool_close(&private);
}
END_TEST

/* ---- One environment, several objects ---- */

struct setting {
	struct tally runs, finals;
	LONG volatile thread;		/* that came last */
	PTP_WORK work;
};

static VOID CALLBACK
note_setting(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct setting *setting = context;

	(void)instance;
	(void)work;
	InterlockedExchange(&setting->thread, (LONG)GetCurrentThreadId());
	tally_add(&setting->runs);
}

static VOID CALLBACK
count_final(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct setting *setting = context;

	(void)instance;
	tally_add(&setting->finals);
}

static void
run_setting(struct setting *setting)
{
	SubmitThreadpoolWork(setting->work);
	WaitForThreadpoolWorkCallbacks(setting->work, FALSE);
}

START_TEST(each_object_keeps_the_settings_that_it_found)
{	/* POOL-28, POOL-29, POOL-30 */
	struct private_pool pools[2];
	PTP_CALLBACK_ENVIRON environ = &pools[0].environ;
	struct setting settings[2] = {
		{ .runs = TALLY_INIT, .finals = TALLY_INIT },
		{ .runs = TALLY_INIT, .finals = TALLY_INIT }
	};
	PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();

	for (int i = 0; i < 2; i++)
		private_pool_open(&pools[i], 1, 1);
	TpSetCallbackFinalizationCallback(environ, count_final);
	settings[0].work = CreateThreadpoolWork(note_setting, &settings[0],
		environ);
	TpSetCallbackFinalizationCallback(environ, NULL);
	SetThreadpoolCallbackPool(environ, pools[1].pool);
	SetThreadpoolCallbackCleanupGroup(environ, group, NULL);
	settings[1].work = CreateThreadpoolWork(note_setting, &settings[1],
		environ);
	DestroyThreadpoolEnvironment(environ);
	memset(environ, 0xCC, sizeof(*environ));
	for (int i = 0; i < 2; i++)
		run_setting(&settings[i]);
	ck_assert_int_ne(settings[0].thread, settings[1].thread);
	ck_assert_uint_eq(tally_read(&settings[0].finals), 1);
	ck_assert_uint_eq(tally_read(&settings[1].finals), 0);
	/* The second is a member; the first is not, and lives on. */
	CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
	CloseThreadpoolCleanupGroup(group);
	run_setting(&settings[0]);
	ck_assert_uint_eq(tally_read(&settings[0].finals), 2);
	CloseThreadpoolWork(settings[0].work);
	for (int i = 0; i < 2; i++)
		CloseThreadpool(pools[i].pool);
}
END_TEST

START_TEST(without_a_pool_the_other_settings_apply_all_the_same)
{	/* POOL-27, GROUP-01 */
	TP_CALLBACK_ENVIRON environ;
	struct setting setting = { .runs = TALLY_INIT, .finals = TALLY_INIT };
	PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
	unsigned long allocations = live_allocations();

	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackCleanupGroup(&environ, group, NULL);
	TpSetCallbackFinalizationCallback(&environ, count_final);
	setting.work = CreateThreadpoolWork(note_setting, &setting, &environ);
	ck_assert_uint_gt(live_allocations(), allocations);
	submit(setting.work, 3);
	CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
	ck_assert_uint_eq(tally_read(&setting.runs), 3);
	ck_assert_uint_eq(tally_read(&setting.finals), 3);
	ck_assert_uint_eq(live_allocations(), allocations);
	CloseThreadpoolCleanupGroup(group);
}
END_TEST

START_TEST(an_activation_context_is_carried_and_means_nothing)
{	/* POOL-39 */
	static int something;
	struct _ACTIVATION_CONTEXT *context =
		(struct _ACTIVATION_CONTEXT *)(void *)&something;
	struct private_pool private;
	struct tally runs = TALLY_INIT;

	private_pool_open(&private, 0, 1);
	for (int i = 0; i < 2; i++) {
		PTP_WORK work;

		if (i == 0)
			TpSetCallbackActivationContext(&private.environ,
				context);
		else
			TpSetCallbackNoActivationContext(&private.environ);
		work = work_in(&private, count_work, &runs);
		submit(work, 1);
		ck_assert(TrySubmitThreadpoolCallback(count_simple, &runs,
			&private.environ));
		finish(work);
		if (i == 0)
			ck_assert_ptr_eq(private.environ.ActivationContext,
				context);
		else
			ck_assert_int_eq((LONG_PTR)
				private.environ.ActivationContext, -1);
	}
	tally_await(&runs, 4);
	ck_assert_int_eq(something, 0);
	private_pool_close(&private);
}
END_TEST

/* ---- Structures of version 1 ---- */

/*
 * Not a byte longer than Vista knew it, so that sanitizers see who reads on.
 * The bits that were reserved then are set.
 */
static PTP_CALLBACK_ENVIRON
version_1(PTP_POOL pool, PTP_SIMPLE_CALLBACK finalization)
{
	TP_CALLBACK_ENVIRON_V1 *environ = malloc(sizeof(*environ));

	ck_assert_ptr_nonnull(environ);
	memset(environ, 0, sizeof(*environ));
	environ->Version = 1;
	environ->Pool = pool;
	environ->FinalizationCallback = finalization;
	environ->u.Flags = ~(DWORD)1;
	return (PTP_CALLBACK_ENVIRON)(void *)environ;
}

START_TEST(a_structure_of_version_1_is_read_to_its_end_only)
{	/* POOL-25 */
	struct private_pool private;
	PTP_CALLBACK_ENVIRON old;
	struct trail trail = { .finals = TALLY_INIT };
	PTP_WORK work;

	private_pool_open(&private, 1, 1);
	old = version_1(private.pool, follow_trail);
	work = CreateThreadpoolWork(trail_work, &trail, old);
	ck_assert_ptr_nonnull(work);
	submit(work, 1);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&trail.finals), 1);
	ck_assert(TrySubmitThreadpoolCallback(trail_simple, &trail, old));
	tally_await(&trail.finals, 2);
	free(old);
	submit(work, 1);
	finish(work);
	ck_assert_uint_eq(tally_read(&trail.finals), 3);
	private_pool_close(&private);
}
END_TEST

struct starts {
	char order[8];
	unsigned length;		/* one thread: nobody disturbs */
};

struct starter {
	struct starts *starts;
	char name;
};

static VOID CALLBACK
note_start(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct starter *starter = context;

	(void)instance;
	starter->starts->order[starter->starts->length++] = starter->name;
}

START_TEST(a_structure_of_version_1_means_normal_priority)
{	/* POOL-25, POOL-33 */
	struct private_pool private;
	struct crowd crowd = CROWD_INIT;
	struct starts starts = { "", 0 };
	struct starter starters[] = { { &starts, 'l' }, { &starts, '1' },
		{ &starts, 'n' }, { &starts, 'h' } };
	static const TP_CALLBACK_PRIORITY priorities[] = {
		TP_CALLBACK_PRIORITY_LOW, TP_CALLBACK_PRIORITY_NORMAL,
		TP_CALLBACK_PRIORITY_NORMAL, TP_CALLBACK_PRIORITY_HIGH
	};
	PTP_CALLBACK_ENVIRON old;
	PTP_WORK work;

	private_pool_open(&private, 1, 1);
	work = work_in(&private, join_crowd, &crowd);
	submit(work, 1);
	gate_await_waiting(&crowd.gate, 1);
	old = version_1(private.pool, NULL);
	for (int i = 0; i < 4; i++) {
		SetThreadpoolCallbackPriority(&private.environ,
			priorities[i]);
		ck_assert(TrySubmitThreadpoolCallback(note_start,
			&starters[i], starters[i].name == '1' ? old :
			&private.environ));
	}
	free(old);
	gate_open(&crowd.gate);
	finish(work);
	SetThreadpoolCallbackPriority(&private.environ,
		TP_CALLBACK_PRIORITY_LOW);
	work = work_in(&private, count_work, &crowd.started);
	submit(work, 1);
	finish(work);		/* after everything else */
	ck_assert_str_eq(starts.order, "h1nl");
	private_pool_close(&private);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("pool_settings");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small,
		finalization_follows_each_callback_of_every_kind);
	tcase_add_test(small, each_object_keeps_the_settings_that_it_found);
	tcase_add_test(small,
		without_a_pool_the_other_settings_apply_all_the_same);
	tcase_add_test(small,
		an_activation_context_is_carried_and_means_nothing);
	tcase_add_test(small,
		a_structure_of_version_1_is_read_to_its_end_only);
	tcase_add_test(small, a_structure_of_version_1_means_normal_priority);
	return harness_run(suite);
}
