/* test_legacy_work.c - work items: QueueUserWorkItem, and its flags */
/* SPDX-License-Identifier: MIT */
/*
 * What runs, on which threads, and on how many at once. Flags that once chose
 * among kinds of threads choose among very few now; a test shows for each of
 * them what it still does, or that it does nothing.
 *
 * Where a gate holds back items, the pool cannot see that they block: so on
 * one processor, with a stall time that never comes, an item that runs all the
 * same owes that to its flag, or to the number of processors.
 *
 * Nothing waits for an item: settle looks at the pools instead (legacy.h).
 */
#include "guest.h"
#include "legacy.h"

/* ---- What runs ---- */

struct answer {
	struct tally runs;
	DWORD code;		/* what it returns */
	DWORD thread;
};

static DWORD WINAPI
answer(PVOID context)
{
	struct answer *answer = context;

	answer->thread = GetCurrentThreadId();
	tally_add(&answer->runs);
	return answer->code;
}

START_TEST(each_call_runs_the_function_once_whatever_it_returns)
{	/* LEGACY-01 */
	static const DWORD codes[] = { 0, 1, 0xFFFFFFFF };
	struct answer answers[100];
	unsigned count = (unsigned)enough(100, 3);

	for (unsigned i = 0; i < count; i++) {
		answers[i] = (struct answer){ .runs = TALLY_INIT,
			.code = codes[i % 3] };
		queue_item(answer, &answers[i], WT_EXECUTEDEFAULT);
	}
	settle();
	for (unsigned i = 0; i < count; i++) {
		ck_assert_uint_eq(tally_read(&answers[i].runs), 1);
		ck_assert_uint_ne(answers[i].thread, GetCurrentThreadId());
	}
}
END_TEST

/* ---- Who must know that an item is over ---- */

struct errand {
	LONG volatile left;	/* items that have not run yet */
	LONG volatile runs;
	HANDLE done;
};

static DWORD WINAPI
run_errand(PVOID context)
{
	struct errand *errand = context;

	InterlockedIncrement(&errand->runs);
	if (InterlockedDecrement(&errand->left) == 0)
		SetEvent(errand->done);
	return 0;
}

START_TEST(who_must_know_has_the_last_of_the_items_say_so)
{	/* LEGACY-02 */
	LONG count = (LONG)enough(50, 3);
	struct errand errand = { .left = count, .done = event(MANUAL, UNSET) };

	for (LONG i = 0; i < count; i++)
		queue_item(run_errand, &errand, WT_EXECUTEDEFAULT);
	ck_assert_uint_eq(WaitForSingleObject(errand.done, INFINITE),
		WAIT_OBJECT_0);
	ck_assert_int_eq(InterlockedCompareExchange(&errand.runs, 0, 0),
		count);
	settle();
	ck_assert(CloseHandle(errand.done));
}
END_TEST

struct chain {
	struct tally links;
	unsigned long until;
	ULONG flags;
};

static DWORD WINAPI
queue_the_next(PVOID context)
{
	struct chain *chain = context;

	if (tally_add(&chain->links) < chain->until &&
	    !QueueUserWorkItem(queue_the_next, chain, chain->flags))
		abort();	/* on a thread of the pool */
	return 0;
}

START_TEST(an_item_may_queue_the_next_one_even_on_one_thread)
{	/* LEGACY-12 */
	static const ULONG flags[] = { WT_EXECUTEDEFAULT,
		WT_EXECUTEINPERSISTENTTHREAD };

	set_maximum(1);
	for (int i = 0; i < 2; i++) {
		struct chain chain = { .links = TALLY_INIT,
			.until = enough(1000, 3), .flags = flags[i] };

		queue_item(queue_the_next, &chain, flags[i]);
		tally_await(&chain.links, chain.until);
		settle();
		ck_assert_uint_eq(tally_read(&chain.links), chain.until);
	}
}
END_TEST

/* ---- Libraries ---- */

typedef void (*code)(void);	/* to be cast to any other function */

struct visits {
	LPTHREAD_START_ROUTINE visit;	/* in the library */
	struct guest_visit guest;
	LONG volatile left;
	HANDLE none_left;
};

/* The library is off the stack when it is counted. */
static DWORD WINAPI
visit_and_count(PVOID context)
{
	struct visits *visits = context;
	DWORD result = visits->visit(&visits->guest);

	if (InterlockedDecrement(&visits->left) == 0)
		SetEvent(visits->none_left);
	return result;
}

static void
count_farewell(void *gone)
{
	tally_add(gone);
}

static HMODULE
invite(struct tally *gone)
{
	HMODULE module = LoadLibraryA("plugin_guest");
	guest_on_unload *on_unload;

	ck_assert_ptr_nonnull(module);
	on_unload = (guest_on_unload *)(code)GetProcAddress(module,
		"on_unload");
	on_unload(count_farewell, gone);
	return module;
}

static void
stand_at_the_gate_of_the_host(struct guest_visit *visit)
{
	gate_wait(visit->argument);
}

START_TEST(who_counts_the_items_of_a_library_knows_when_it_may_go)
{	/* LEGACY-13 */
	struct tally gone = TALLY_INIT;
	struct gate gate = GATE_INIT;
	HMODULE module = invite(&gone);
	struct visits visits = { .left = 2, .none_left = event(MANUAL, UNSET),
		.guest = { .during = stand_at_the_gate_of_the_host,
			.argument = &gate } };

	visits.visit = (LPTHREAD_START_ROUTINE)(code)GetProcAddress(module,
		"visit_as_item");
	set_maximum(1);
	queue_item(visit_and_count, &visits, WT_EXECUTEDEFAULT);
	queue_item(visit_and_count, &visits, WT_EXECUTEDEFAULT);
	gate_await_waiting(&gate, 1);
	ck_assert_uint_eq(poll(visits.none_left), WAIT_TIMEOUT);
	ck_assert_uint_eq(tally_read(&gone), 0);
	gate_open(&gate);
	ck_assert_uint_eq(WaitForSingleObject(visits.none_left, INFINITE),
		WAIT_OBJECT_0);
	ck_assert(FreeLibrary(module));
	ck_assert_uint_eq(tally_read(&gone), 1);
	ck_assert(visits.guest.left);
	settle();
	ck_assert(CloseHandle(visits.none_left));
}
END_TEST

/* ---- Flags ---- */

#define EVERY_FLAG	(WT_EXECUTEINIOTHREAD | WT_EXECUTEINUITHREAD |	\
	WT_EXECUTEINWAITTHREAD | WT_EXECUTEONLYONCE |			\
	WT_EXECUTELONGFUNCTION | WT_EXECUTEINTIMERTHREAD |		\
	WT_EXECUTEINPERSISTENTTHREAD | WT_TRANSFER_IMPERSONATION)

START_TEST(every_flag_is_accepted_alone_and_with_all_others)
{	/* LEGACY-03 */
	struct tally runs = TALLY_INIT;
	unsigned long queued = 0;

	for (ULONG flags = 0; flags <= EVERY_FLAG; flags++) {
		bool alone = (flags & (flags - 1)) == 0;

		if (explore_active() && !alone && flags != EVERY_FLAG)
			continue;
		queue_item(count_item, &runs, flags);
		queued++;
	}
	settle();
	ck_assert_uint_eq(tally_read(&runs), queued);
}
END_TEST

START_TEST(an_unknown_flag_or_no_function_is_refused_and_runs_nothing)
{	/* LEGACY-03; our choice: unknown flags are refused */
	struct tally runs = TALLY_INIT;

	for (ULONG flag = 0x200; flag < 0x10000; flag <<= 1) {
		ck_assert_fails(QueueUserWorkItem(count_item, &runs, flag),
			ERROR_INVALID_PARAMETER);
		ck_assert_fails(QueueUserWorkItem(count_item, &runs,
			flag | EVERY_FLAG), ERROR_INVALID_PARAMETER);
	}
	ck_assert_fails(QueueUserWorkItem(NULL, &runs, WT_EXECUTEDEFAULT),
		ERROR_INVALID_PARAMETER);
	settle();
	ck_assert_uint_eq(tally_read(&runs), 0);
}
END_TEST

START_TEST(flags_for_waits_and_timers_put_no_item_in_line)
{	/* LEGACY-03 */
	static const ULONG flags[] = { WT_EXECUTEINWAITTHREAD,
		WT_EXECUTEINTIMERTHREAD, WT_EXECUTEINUITHREAD,
		WT_EXECUTEONLYONCE };

	set_pools("4", NEVER_MS);
	for (unsigned i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		struct gate gate = GATE_INIT;

		queue_item(hold_item, &gate, flags[i]);
		queue_item(hold_item, &gate, flags[i]);
		gate_await_waiting(&gate, 2);	/* both, at once */
		gate_open(&gate);
		settle();
	}
}
END_TEST

START_TEST(an_item_for_an_io_thread_runs_where_all_others_run)
{	/* LEGACY-09 */
	struct answer here = { .runs = TALLY_INIT },
		there = { .runs = TALLY_INIT };

	set_maximum(1);
	queue_item(answer, &here, WT_EXECUTEDEFAULT);
	queue_item(answer, &there, WT_EXECUTEINIOTHREAD);
	settle();
	ck_assert_uint_eq(tally_read(&there.runs), 1);
	ck_assert_uint_eq(there.thread, here.thread);
}
END_TEST

/* ---- How many at once ---- */

START_TEST(long_items_get_a_thread_each_at_once)
{	/* LEGACY-04 */
	unsigned count = (unsigned)enough(16, 3);
	struct gate gate = GATE_INIT;

	set_pools("1", NEVER_MS);
	for (unsigned i = 0; i < count; i++)
		queue_item(hold_item, &gate, WT_EXECUTELONGFUNCTION);
	gate_await_waiting(&gate, count);
	gate_open(&gate);
	settle();
}
END_TEST

START_TEST(an_item_that_blocks_unannounced_delays_the_next_and_no_more)
{	/* LEGACY-05 */
	struct tally runs = TALLY_INIT;
	struct gate gate = GATE_INIT;
	LONGLONG begin;

	set_pools("1", "20");
	queue_item(hold_item, &gate, WT_EXECUTEDEFAULT);
	gate_await_waiting(&gate, 1);
	begin = ticks_now();
	queue_item(count_item, &runs, WT_EXECUTEDEFAULT);
	tally_await(&runs, 1);
	assert_elapsed(begin, 20 * MS);
	gate_open(&gate);
	settle();
}
END_TEST

static void
queue_crowd(struct crowd *crowd, unsigned count, ULONG flags)
{
	for (unsigned i = 0; i < count; i++)
		queue_item(enter_and_leave, crowd, flags);
}

static LONG
most_at_once(struct crowd *crowd, unsigned long runs)
{
	tally_await(&crowd->runs, runs);
	settle();
	ck_assert_uint_eq(tally_read(&crowd->runs), runs);
	return InterlockedCompareExchange(&crowd->most, 0, 0);
}

START_TEST(the_maximum_holds_for_long_items_too)
{	/* LEGACY-06 */
	unsigned count = (unsigned)enough(20, 5);
	ULONG limit = (ULONG)enough(4, 2), flags = WT_EXECUTELONGFUNCTION;
	struct crowd crowd = CROWD_INIT;
	struct gate gate = GATE_INIT;

	WT_SET_MAX_THREADPOOL_THREADS(flags, limit);
	for (ULONG i = 0; i < limit; i++)
		queue_item(hold_item, &gate, flags);
	gate_await_waiting(&gate, limit);
	queue_crowd(&crowd, count, WT_EXECUTELONGFUNCTION);
	ck_assert(!has_nothing_to_do(tp_pool_default()));
	ck_assert_uint_eq(tally_read(&crowd.runs), 0);
	gate_open(&gate);
	ck_assert_int_le(most_at_once(&crowd, count), (LONG)limit);
}
END_TEST

START_TEST(the_macro_puts_the_limit_into_the_upper_half_of_the_flags)
{	/* LEGACY-07 */
	ULONG flags = WT_EXECUTELONGFUNCTION;

	WT_SET_MAX_THREADPOOL_THREADS(flags, 1000);
	ck_assert_uint_eq(flags >> 16, 1000);
	ck_assert_uint_eq(flags & 0xFFFF, WT_EXECUTELONGFUNCTION);
}
END_TEST

/* Counts, for it cannot be told apart from others by the pool. */
static VOID CALLBACK
enter_as_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	enter_and_leave(context);
}

START_TEST(a_limit_is_the_pools_from_then_on_until_the_next)
{	/* LEGACY-08, LEGACY-61, port-defined */
	unsigned count = (unsigned)enough(10, 2);
	struct tally runs = TALLY_INIT;
	struct crowd crowd = CROWD_INIT;
	struct gate gate = GATE_INIT;
	ULONG one = WT_EXECUTEDEFAULT, two = WT_EXECUTEDEFAULT;
	PTP_WORK work;

	set_pools("4", NEVER_MS);
	WT_SET_MAX_THREADPOOL_THREADS(one, 1);
	WT_SET_MAX_THREADPOOL_THREADS(two, 2);
	queue_item(count_item, &runs, one);
	work = CreateThreadpoolWork(enter_as_work, &crowd, NULL);
	ck_assert_ptr_nonnull(work);
	submit(work, count);
	queue_crowd(&crowd, count, WT_EXECUTELONGFUNCTION);
	ck_assert_int_eq(most_at_once(&crowd, 2ul * count), 1);
	queue_item(hold_item, &gate, two);
	queue_item(hold_item, &gate, WT_EXECUTEDEFAULT);
	gate_await_waiting(&gate, 2);
	gate_open(&gate);
	settle();
	CloseThreadpoolWork(work);
}
END_TEST

START_TEST(the_timer_thread_stays_one_whatever_the_limit)
{	/* LEGACY-08, LEGACY-10, port-defined */
	unsigned count = (unsigned)enough(10, 2);
	ULONG flags = WT_EXECUTEINPERSISTENTTHREAD | WT_EXECUTELONGFUNCTION;
	struct crowd crowd = CROWD_INIT;
	struct gate gate = GATE_INIT;

	set_pools("4", NEVER_MS);
	WT_SET_MAX_THREADPOOL_THREADS(flags, 1);
	queue_crowd(&crowd, count, flags);
	ck_assert_int_eq(most_at_once(&crowd, count), 1);
	queue_item(hold_item, &gate, WT_EXECUTEDEFAULT);
	queue_item(hold_item, &gate, WT_EXECUTEDEFAULT);
	gate_await_waiting(&gate, 2);	/* nor was it the others' limit */
	gate_open(&gate);
	settle();
}
END_TEST

static bool
is_kept_for_good(TP_POOL *pool)
{
	bool kept;

	tp_lock(&pool->lock);
	kept = pool->total == 1 && tp_container(tp_list_first(&pool->workers),
		struct tp_worker, link)->persistent;
	tp_unlock(&pool->lock);
	return kept;
}

START_TEST(a_persistent_item_runs_on_a_thread_that_stays)
{	/* LEGACY-10 */
	struct answer first = { .runs = TALLY_INIT },
		next = { .runs = TALLY_INIT };

	setenv("TP_IDLE_MS", "1", 1);
	queue_item(answer, &first, WT_EXECUTEINPERSISTENTTHREAD);
	settle();
	ck_assert(is_kept_for_good(tp_pool_single(TP_SINGLE_TIMER)));
	pass_time(10);		/* others would have left by then */
	queue_item(answer, &next, WT_EXECUTEINPERSISTENTTHREAD);
	settle();
	ck_assert_uint_eq(tally_read(&first.runs), 1);
	ck_assert_uint_eq(tally_read(&next.runs), 1);
	ck_assert_uint_eq(next.thread, first.thread);
}
END_TEST

/* ---- One pool for both ---- */

static VOID CALLBACK
answer_as_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	answer(context);
}

START_TEST(items_and_work_objects_share_the_threads_of_one_pool)
{	/* LEGACY-61 */
	struct answer item = { .runs = TALLY_INIT },
		work = { .runs = TALLY_INIT };
	PTP_WORK object = CreateThreadpoolWork(answer_as_work, &work, NULL);

	ck_assert_ptr_nonnull(object);
	set_maximum(1);
	SubmitThreadpoolWork(object);
	queue_item(answer, &item, WT_EXECUTEDEFAULT);
	WaitForThreadpoolWorkCallbacks(object, FALSE);
	settle();
	ck_assert_uint_eq(tally_read(&item.runs), 1);
	ck_assert_uint_eq(tally_read(&work.runs), 1);
	ck_assert_uint_eq(item.thread, work.thread);
	CloseThreadpoolWork(object);
}
END_TEST

/* ---- The suite ---- */

static void
add_items(TCase *small)
{
	tcase_add_test(small,
		each_call_runs_the_function_once_whatever_it_returns);
	tcase_add_test(small, who_must_know_has_the_last_of_the_items_say_so);
	tcase_add_test(small,
		an_item_may_queue_the_next_one_even_on_one_thread);
	tcase_add_test(small,
		who_counts_the_items_of_a_library_knows_when_it_may_go);
	tcase_add_test(small,
		items_and_work_objects_share_the_threads_of_one_pool);
}

static void
add_flags(TCase *small)
{
	tcase_add_test(small, every_flag_is_accepted_alone_and_with_all_others);
	tcase_add_test(small,
		an_unknown_flag_or_no_function_is_refused_and_runs_nothing);
	tcase_add_test(small, flags_for_waits_and_timers_put_no_item_in_line);
	tcase_add_test(small,
		an_item_for_an_io_thread_runs_where_all_others_run);
	tcase_add_test(small, a_persistent_item_runs_on_a_thread_that_stays);
}

static void
add_numbers(TCase *small)
{
	tcase_add_test(small, long_items_get_a_thread_each_at_once);
	tcase_add_test(small,
		an_item_that_blocks_unannounced_delays_the_next_and_no_more);
	tcase_add_test(small, the_maximum_holds_for_long_items_too);
	tcase_add_test(small,
		the_macro_puts_the_limit_into_the_upper_half_of_the_flags);
	tcase_add_test(small, a_limit_is_the_pools_from_then_on_until_the_next);
	tcase_add_test(small, the_timer_thread_stays_one_whatever_the_limit);
}

int
main(void)
{
	Suite *suite = suite_create("legacy_work");
	TCase *small = harness_case(suite, "small");

	add_items(small);
	add_flags(small);
	add_numbers(small);
	return harness_run(suite);
}
