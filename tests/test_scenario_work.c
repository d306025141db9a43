/* SPDX-License-Identifier: MIT */
/*
 * test_scenario_work.c - post against cancel against close against wait
 *
 * Scenarios of work objects (scenario.h says what a scenario is). The
 * comment above a test names the function whose promise is at stake.
 *
 * What a callback has done shows in an arena: it counts its start, writes a
 * mark that nothing but the pool makes visible to others, and counts its
 * end. A thread that has waited reads the marks: if the wait did not order
 * the two, that is a data race, and the explorer says so.
 */
#include "scenario.h"

#define MARKS	8

struct arena {
	struct site site;
	LONG volatile started, finished;
	LONG volatile over;	/* a wait that cancels has returned */
	int marks[MARKS];	/* by callbacks, in the order of starting */
	LONG late_saw_over;	/* by a thread that posts late */
};

static VOID CALLBACK
leave_mark(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct arena *arena = context;
	LONG n = InterlockedIncrement(&arena->started);

	(void)instance;
	(void)work;
	arena->marks[n - 1] = 1;
	InterlockedIncrement(&arena->finished);
}

/* A pool of so many threads and work that leaves marks, or nothing. */
static bool
try_arena(struct arena *arena, DWORD threads)
{
	set_times(NULL, NULL, NULL);
	return try_site(&arena->site, threads, threads, leave_mark, arena);
}

static int
marks_of(const struct arena *arena)
{
	int marks = 0;

	for (int i = 0; i < MARKS; i++)
		marks += arena->marks[i];
	return marks;
}

/* The object is quiet for good: so many callbacks there were. */
static void
assert_ran(struct arena *arena, LONG runs)
{
	ck_assert_int_eq(count_of(&arena->started), runs);
	ck_assert_int_eq(count_of(&arena->finished), runs);
	ck_assert_int_eq(marks_of(arena), runs);
	assert_at_rest(arena->site.work);
}

/* ---- Post and wait ---- */

static void *
submit_two(void *argument)
{
	struct arena *arena = argument;

	submit(arena->site.work, 2);
	return NULL;
}

/* tp_object_post: the object is the node in the queue, however often. */
START_TEST(posts_of_two_threads_are_run_once_each)
{	/* WORK-04, WORK-05, WORK-27 */
	struct arena arena = { .started = 0 };
	struct race race = { .count = 0 };

	if (!try_arena(&arena, 2))
		return;
	race_start(&race, submit_two, &arena);
	submit(arena.site.work, 2);
	race_join(&race);
	WaitForThreadpoolWorkCallbacks(arena.site.work, FALSE);
	assert_ran(&arena, 4);
	site_close(&arena.site);
}
END_TEST

/* Waits, and finds that the two posts before it have left their marks. */
static void *
wait_for_two_marks(void *argument)
{
	struct arena *arena = argument;

	WaitForThreadpoolWorkCallbacks(arena->site.work, FALSE);
	ck_assert_int_eq(marks_of(arena), 2);
	return NULL;
}

/* sleep_until_quiet_locked: once linked, a waiter cannot miss the moment. */
START_TEST(waits_of_two_threads_return_after_the_callbacks)
{	/* WORK-09, WORK-10 */
	struct arena arena = { .started = 0 };
	struct race race = { .count = 0 };

	if (!try_arena(&arena, 2))
		return;
	submit(arena.site.work, 2);
	race_start(&race, wait_for_two_marks, &arena);
	(void)wait_for_two_marks(&arena);
	race_join(&race);
	assert_ran(&arena, 2);
	site_close(&arena.site);
}
END_TEST

static void *
wait_only(void *argument)
{
	struct arena *arena = argument;
	LONG finished;

	WaitForThreadpoolWorkCallbacks(arena->site.work, FALSE);
	finished = count_of(&arena->finished);
	ck_assert_int_ge(finished, 1);
	return NULL;
}

/* The same while somebody posts: the posts before the wait are covered. */
START_TEST(wait_against_a_post_of_another_thread_covers_the_earlier_ones)
{	/* WORK-09, WORK-27 */
	struct arena arena = { .started = 0 };
	struct race race = { .count = 0 };

	if (!try_arena(&arena, 1))
		return;
	submit(arena.site.work, 1);
	race_start(&race, submit_two, &arena);
	race_start(&race, wait_only, &arena);
	(void)wait_only(&arena);
	race_join(&race);
	WaitForThreadpoolWorkCallbacks(arena.site.work, FALSE);
	assert_ran(&arena, 3);
	site_close(&arena.site);
}
END_TEST

static VOID CALLBACK
mark_and_submit_again(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct arena *arena = context;
	LONG n = InterlockedIncrement(&arena->started);

	(void)instance;
	arena->marks[n - 1] = 1;
	if (n < 3)
		SubmitThreadpoolWork(work);
	InterlockedIncrement(&arena->finished);
}

/* tp_object_return_locked: not quiet while a callback's post is queued. */
START_TEST(wait_covers_the_posts_of_running_callbacks)
{	/* WORK-07, WORK-08 */
	struct arena arena = { .started = 0 };

	set_times(NULL, NULL, NULL);
	if (!try_site(&arena.site, 2, 2, mark_and_submit_again, &arena))
		return;
	submit(arena.site.work, 1);
	WaitForThreadpoolWorkCallbacks(arena.site.work, FALSE);
	assert_ran(&arena, 3);
	site_close(&arena.site);
}
END_TEST

/* Work of one thread while another is waited for. */
struct neighbours {
	struct arena arena;
	PTP_WORK other;
	LONG volatile runs;
};

static void *
submit_to_the_other(void *argument)
{
	struct neighbours *neighbours = argument;

	submit(neighbours->other, 2);
	return NULL;
}

/* tp_queue_drop_locked: only this object's posts leave the queue. */
START_TEST(cancel_against_posts_of_another_object_drops_none_of_those)
{	/* WORK-14, WORK-15 */
	struct neighbours n = { .runs = 0 };
	struct race race = { .count = 0 };

	if (!try_arena(&n.arena, 1))
		return;
	n.other = try_work(&n.arena.site.private, count_one,
		(PVOID)&n.runs);
	if (n.other != NULL) {
		submit(n.arena.site.work, 2);
		race_start(&race, submit_to_the_other, &n);
		WaitForThreadpoolWorkCallbacks(n.arena.site.work, TRUE);
		race_join(&race);
		WaitForThreadpoolWorkCallbacks(n.other, FALSE);
		ck_assert_int_eq(n.runs, 2);
		assert_ran(&n.arena, count_of(&n.arena.started));
		assert_at_rest(n.other);
		CloseThreadpoolWork(n.other);
	}
	site_close(&n.arena.site);
}
END_TEST

/* ---- Cancel ---- */

static void *
submit_late(void *argument)
{
	struct arena *arena = argument;

	arena->late_saw_over = count_of(&arena->over);
	submit(arena->site.work, 1);
	return NULL;
}

/* tp_object_cancel_locked: drops what is queued then, and only that. */
START_TEST(post_against_a_cancelling_wait_is_run_or_dropped)
{	/* WORK-11, WORK-12 */
	struct arena arena = { .started = 0 };
	struct race race = { .count = 0 };
	LONG started, later;

	if (!try_arena(&arena, 1))
		return;
	submit(arena.site.work, 2);
	race_start(&race, submit_late, &arena);
	WaitForThreadpoolWorkCallbacks(arena.site.work, TRUE);
	started = count_of(&arena.started);
	InterlockedIncrement(&arena.over);
	race_join(&race);
	WaitForThreadpoolWorkCallbacks(arena.site.work, FALSE);
	later = count_of(&arena.started) - started;
	ck_assert_int_ge(later, arena.late_saw_over);
	ck_assert_int_le(later, 1);
	ck_assert_int_le(started + later, 3);
	assert_ran(&arena, started + later);
	site_close(&arena.site);
}
END_TEST

/* Cancels: from now on nothing starts, and what has started is finished. */
static void *
cancel_for_good(void *argument)
{
	struct arena *arena = argument;
	LONG started;

	WaitForThreadpoolWorkCallbacks(arena->site.work, TRUE);
	started = count_of(&arena->started);
	ck_assert_int_eq(count_of(&arena->finished), started);
	ck_assert_int_eq(marks_of(arena), started);
	return NULL;
}

/* tp_object_cancel_locked: two of them drop no post twice. */
START_TEST(no_callback_starts_after_a_cancelling_wait)
{	/* WORK-11, WORK-12 */
	struct arena arena = { .started = 0 };
	struct race race = { .count = 0 };
	LONG started;

	if (!try_arena(&arena, 2))
		return;
	submit(arena.site.work, 3);
	race_start(&race, cancel_for_good, &arena);
	(void)cancel_for_good(&arena);
	started = count_of(&arena.started);
	race_join(&race);
	assert_ran(&arena, started);
	site_close(&arena.site);
}
END_TEST

static void *
wait_for_quiet(void *argument)
{
	struct arena *arena = argument;

	WaitForThreadpoolWorkCallbacks(arena->site.work, FALSE);
	ck_assert_int_eq(count_of(&arena->finished),
		count_of(&arena->started));
	return NULL;
}

/* tp_object_wake_if_quiet_locked: a cancel, too, may end others' waits. */
START_TEST(cancel_releases_whoever_waits_for_the_dropped_posts)
{	/* WORK-09, WORK-11 */
	struct arena arena = { .started = 0 };
	struct race race = { .count = 0 };

	if (!try_arena(&arena, 1))
		return;
	submit(arena.site.work, 3);
	race_start(&race, wait_for_quiet, &arena);
	race_start(&race, wait_for_quiet, &arena);
	(void)cancel_for_good(&arena);
	race_join(&race);
	assert_ran(&arena, count_of(&arena.started));
	site_close(&arena.site);
}
END_TEST

/* tp_object_cancel_locked: a running callback's later post is run. */
START_TEST(cancel_against_a_callback_that_posts_leaves_nothing_queued)
{	/* WORK-07, WORK-13, port-defined */
	struct arena arena = { .started = 0 };
	LONG started;

	set_times(NULL, NULL, NULL);
	if (!try_site(&arena.site, 1, 1, mark_and_submit_again, &arena))
		return;
	submit(arena.site.work, 1);
	WaitForThreadpoolWorkCallbacks(arena.site.work, TRUE);
	started = count_of(&arena.started);
	ck_assert_int_le(started, 3);
	assert_ran(&arena, started);
	WaitForThreadpoolWorkCallbacks(arena.site.work, FALSE);
	assert_ran(&arena, started);
	site_close(&arena.site);
}
END_TEST

/* ---- Waiters that post again ---- */

struct repost {
	struct site site;
	struct gate ready;	/* all who will wait are started */
	LONG waiters;		/* read-only when the gate is open */
	LONG volatile started;
	struct tally released;
};

static bool
all_wait(void *argument)
{
	struct repost *repost = argument;

	return waiters_of(repost->site.work) == (unsigned)repost->waiters;
}

/* The first callback has all as waiters, later ones need them released. */
static VOID CALLBACK
need_the_waiters(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct repost *repost = context;

	(void)instance;
	(void)work;
	gate_wait(&repost->ready);
	if (InterlockedIncrement(&repost->started) == 1)
		await(all_wait, repost);
	else
		tally_await(&repost->released,
			(unsigned long)repost->waiters);
}

static void *
wait_and_submit_again(void *argument)
{
	struct repost *repost = argument;

	WaitForThreadpoolWorkCallbacks(repost->site.work, FALSE);
	SubmitThreadpoolWork(repost->site.work);
	tally_add(&repost->released);
	return NULL;
}

/* tp_object_wake_if_quiet_locked: once released, a waiter looks no more. */
START_TEST(waiters_that_post_again_do_not_hold_each_other_up)
{	/* WORK-09 */
	struct repost repost = { .ready = GATE_INIT,
		.released = TALLY_INIT };
	struct race race = { .count = 0 };

	set_times(NULL, NULL, NULL);
	if (!try_site(&repost.site, 1, 1, need_the_waiters, &repost))
		return;
	SubmitThreadpoolWork(repost.site.work);
	/* Who got no thread would come too late: it does not count. */
	for (int i = 0; i < 2; i++)
		race_start(&race, wait_and_submit_again, &repost);
	race_drop_refused(&race);
	repost.waiters = (LONG)race.count;
	gate_open(&repost.ready);
	race_join(&race);
	WaitForThreadpoolWorkCallbacks(repost.site.work, FALSE);
	ck_assert_int_eq(count_of(&repost.started), 1 + repost.waiters);
	assert_at_rest(repost.site.work);
	site_close(&repost.site);
}
END_TEST

/* ---- Close ---- */

/* Work that ends with its callbacks: each says that it is done. */
struct ending {
	struct private_pool private;
	PTP_WORK work;
	LONG waiters;		/* that a closing callback has to await */
	struct tally done;
};

static VOID CALLBACK
say_done(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct ending *ending = context;

	(void)instance;
	(void)work;
	tally_add(&ending->done);
}

static bool
try_ending(struct ending *ending, DWORD threads, PTP_WORK_CALLBACK callback)
{
	set_times(NULL, NULL, NULL);
	if (!try_pool(&ending->private, threads, threads))
		return false;
	ending->work = try_work(&ending->private, callback, ending);
	if (ending->work == NULL)
		private_pool_close(&ending->private);
	return ending->work != NULL;
}

/* tp_object_close: the handle's reference against those of the posts. */
START_TEST(close_against_queued_and_running_callbacks_loses_none)
{	/* WORK-17 */
	struct ending ending = { .done = TALLY_INIT };

	if (!try_ending(&ending, 2, say_done))
		return;
	submit(ending.work, 3);
	CloseThreadpoolWork(ending.work);
	tally_await(&ending.done, 3);
	private_pool_close(&ending.private);
}
END_TEST

static VOID CALLBACK
close_and_say_done(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct ending *ending = context;

	(void)instance;
	CloseThreadpoolWork(work);
	tally_add(&ending->done);
}

/* tp_object_post: the object may be gone when it returns. */
START_TEST(callback_may_close_the_object_before_its_submit_returns)
{	/* WORK-17, WORK-18 */
	struct ending ending = { .done = TALLY_INIT };

	if (!try_ending(&ending, 1, close_and_say_done))
		return;
	SubmitThreadpoolWork(ending.work);
	tally_await(&ending.done, 1);
	private_pool_close(&ending.private);
}
END_TEST

static bool
as_many_wait(void *argument)
{
	struct ending *ending = argument;

	return waiters_of(ending->work) == (unsigned)ending->waiters;
}

/* A wait for a closed object is misuse: so they must wait already. */
static VOID CALLBACK
close_when_all_wait(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct ending *ending = context;

	(void)instance;
	await(as_many_wait, ending);
	CloseThreadpoolWork(work);
}

static void *
wait_for_the_end(void *argument)
{
	struct ending *ending = argument;

	WaitForThreadpoolWorkCallbacks(ending->work, FALSE);
	return NULL;
}

/* tp_object_wait: the object may be gone when it returns. */
START_TEST(callback_may_close_the_object_that_threads_wait_for)
{	/* WORK-09, WORK-18 */
	struct ending ending = { .done = TALLY_INIT };
	struct race race = { .count = 0 };

	if (!try_ending(&ending, 1, close_when_all_wait))
		return;
	ending.waiters = 2;
	SubmitThreadpoolWork(ending.work);
	race_start(&race, wait_for_the_end, &ending);
	if (race.racers[0].refused)	/* the callback would wait for it */
		race_start(&race, wait_for_the_end, &ending);
	race_drop_refused(&race);
	(void)wait_for_the_end(&ending);
	race_join(&race);
	private_pool_close(&ending.private);
}
END_TEST

/* next_locked: it drops the lock to free an object; much may happen. */
START_TEST(post_against_the_freeing_of_another_object_is_not_lost)
{	/* WORK-04, WORK-17 */
	struct ending ending = { .done = TALLY_INIT };
	LONG volatile runs = 0;
	PTP_WORK other;

	if (!try_ending(&ending, 1, say_done))
		return;
	other = try_work(&ending.private, count_one, (PVOID)&runs);
	SubmitThreadpoolWork(ending.work);
	CloseThreadpoolWork(ending.work);
	if (other != NULL) {
		SubmitThreadpoolWork(other);
		WaitForThreadpoolWorkCallbacks(other, FALSE);
		ck_assert_int_eq(runs, 1);
		assert_at_rest(other);
		CloseThreadpoolWork(other);
	}
	tally_await(&ending.done, 1);
	private_pool_close(&ending.private);
}
END_TEST

/* An object of the thread's own, from its creation to its end. */
static void *
use_an_object(void *argument)
{
	struct ending *ending = argument;
	LONG volatile runs = 0;
	PTP_WORK work = try_work(&ending->private, count_one, (PVOID)&runs);

	if (work == NULL)
		return NULL;
	submit(work, 2);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_int_eq(runs, 2);
	assert_at_rest(work);
	CloseThreadpoolWork(work);
	return NULL;
}

/* tp_register, tp_check_close: objects come and go in the registry. */
START_TEST(objects_of_two_threads_come_and_go_in_one_pool)
{	/* WORK-01, WORK-15 */
	struct ending ending = { .done = TALLY_INIT };
	struct race race = { .count = 0 };

	set_times(NULL, NULL, NULL);
	if (!try_pool(&ending.private, 1, 1))
		return;
	race_start(&race, use_an_object, &ending);
	(void)use_an_object(&ending);
	race_join(&race);
	private_pool_close(&ending.private);
}
END_TEST

/* ---- Simple callbacks ---- */

struct simples {
	struct private_pool private;
	LONG volatile accepted;
	struct tally done;
};

static VOID CALLBACK
say_done_simply(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct simples *simples = context;

	(void)instance;
	tally_add(&simples->done);
}

static void *
submit_two_simply(void *argument)
{
	struct simples *simples = argument;

	for (int i = 0; i < 2; i++)
		if (TrySubmitThreadpoolCallback(say_done_simply, simples,
				&simples->private.environ))
			InterlockedIncrement(&simples->accepted);
		else
			tolerate(GetLastError());
	return NULL;
}

/* tp_object_post_once: the handle's reference becomes the post's. */
START_TEST(simple_callbacks_of_two_threads_run_once_each)
{	/* WORK-21, WORK-22 */
	struct simples simples = { .done = TALLY_INIT };
	struct race race = { .count = 0 };

	set_times(NULL, NULL, NULL);
	if (!try_pool(&simples.private, 2, 2))
		return;
	race_start(&race, submit_two_simply, &simples);
	(void)submit_two_simply(&simples);
	race_join(&race);
	tally_await(&simples.done, (unsigned long)simples.accepted);
	private_pool_close(&simples.private);
	ck_assert_uint_eq(tally_read(&simples.done),
		(unsigned long)simples.accepted);
}
END_TEST

/* ---- The suite ---- */

static void
add_waits_and_cancels(TCase *scenario)
{
	tcase_add_test(scenario, posts_of_two_threads_are_run_once_each);
	tcase_add_test(scenario,
		waits_of_two_threads_return_after_the_callbacks);
	tcase_add_test(scenario,
		wait_against_a_post_of_another_thread_covers_the_earlier_ones);
	tcase_add_test(scenario, wait_covers_the_posts_of_running_callbacks);
	tcase_add_test(scenario,
		cancel_against_posts_of_another_object_drops_none_of_those);
	tcase_add_test(scenario,
		post_against_a_cancelling_wait_is_run_or_dropped);
	tcase_add_test(scenario, no_callback_starts_after_a_cancelling_wait);
	tcase_add_test(scenario,
		cancel_releases_whoever_waits_for_the_dropped_posts);
	tcase_add_test(scenario,
		cancel_against_a_callback_that_posts_leaves_nothing_queued);
	tcase_add_test(scenario,
		waiters_that_post_again_do_not_hold_each_other_up);
}

int
main(void)
{
	Suite *suite = suite_create("scenario_work");
	TCase *scenario = harness_case(suite, "scenario");

	add_waits_and_cancels(scenario);
	tcase_add_test(scenario,
		close_against_queued_and_running_callbacks_loses_none);
	tcase_add_test(scenario,
		callback_may_close_the_object_before_its_submit_returns);
	tcase_add_test(scenario,
		callback_may_close_the_object_that_threads_wait_for);
	tcase_add_test(scenario,
		post_against_the_freeing_of_another_object_is_not_lost);
	tcase_add_test(scenario,
		objects_of_two_threads_come_and_go_in_one_pool);
	tcase_add_test(scenario,
		simple_callbacks_of_two_threads_run_once_each);
	return harness_run(suite);
}
