/* test_legacy_shortage.c - the legacy pool, when memory or threads run out */
/* SPDX-License-Identifier: MIT */
/*
 * Every call of the legacy pool that makes something may fail, and says so
 * with ERROR_NOT_ENOUGH_MEMORY; it leaves nothing behind then, runs nothing,
 * and can be repeated. To meet every place where it may fail, a test lets its
 * first allocation fail, then the second, and so on, until it succeeds; and
 * the same with threads. To end something takes neither.
 */
#include "legacy.h"

static struct tally runs = TALLY_INIT;
static struct witness witness = WITNESS_INIT;
static HANDLE object;		/* what is waited for */
static HANDLE made;

/* ---- What is made, and ended ---- */

static BOOL
make_item(ULONG flags)
{
	return QueueUserWorkItem(count_item, &runs, flags);
}

static BOOL
make_wait(ULONG flags)
{
	return RegisterWaitForSingleObject(&made, object, testify, &witness,
		INFINITE, flags);
}

static BOOL
make_wait_ex(ULONG flags)
{
	made = RegisterWaitForSingleObjectEx(object, testify, &witness,
		INFINITE, flags);
	return made != NULL;
}

static BOOL
make_timer(ULONG flags)
{
	return CreateTimerQueueTimer(&made, NULL, testify, &witness, DAY_MS,
		0, flags);
}

static BOOL
make_queue(ULONG flags)
{
	(void)flags;
	made = CreateTimerQueue();
	return made != NULL;
}

static BOOL
end_wait(HANDLE completion)
{
	return UnregisterWaitEx(made, completion);
}

static BOOL
end_one_timer(HANDLE completion)
{
	return DeleteTimerQueueTimer(NULL, made, completion);
}

static BOOL
end_queue(HANDLE completion)
{
	return DeleteTimerQueueEx(made, completion);
}

static const struct trial {
	BOOL (*make)(ULONG flags);
	ULONG flags;
	BOOL (*end)(HANDLE completion);	/* NULL: it ends by itself */
} trials[] = {
	{ make_item, WT_EXECUTEDEFAULT, NULL },
	{ make_item, WT_EXECUTEINPERSISTENTTHREAD, NULL },
	{ make_wait, WT_EXECUTEDEFAULT, end_wait },
	{ make_wait_ex, WT_EXECUTEINWAITTHREAD, end_wait },
	{ make_timer, WT_EXECUTEDEFAULT, end_one_timer },
	{ make_timer, WT_EXECUTEINTIMERTHREAD, end_one_timer },
	{ make_queue, 0, end_queue }
};

#define TRIALS	(sizeof(trials) / sizeof(*trials))

/* ---- Until it succeeds ---- */

/* The n-th allocation, or thread, fails, for each n. How many did? */
static unsigned long
exhaust(const struct trial *trial, void (*refuse)(unsigned long n))
{
	unsigned long n = 0, before = live_allocations();
	BOOL good;

	do {
		SetLastError(0xDEAD);
		refuse(++n);
		good = trial->make(trial->flags);
		refuse(0);
		if (!good) {
			ck_assert_uint_eq(GetLastError(),
				ERROR_NOT_ENOUGH_MEMORY);
			/* A worker may still be freeing an item. */
			ck_assert_uint_le(live_allocations(), before);
		}
	} while (!good);
	return n - 1;
}

static void
end_and_settle(const struct trial *trial)
{
	if (trial->end != NULL)
		ck_assert(trial->end(INVALID_HANDLE_VALUE));
	settle();
}

START_TEST(each_call_survives_exhausted_memory)
{	/* LEGACY-01, LEGACY-14, LEGACY-60 */
	object = event(AUTO, UNSET);
	for (unsigned i = 0; i < TRIALS; i++) {
		/* Once before: what is made once for all is not counted. */
		ck_assert(trials[i].make(trials[i].flags));
		end_and_settle(&trials[i]);
		ck_assert_uint_ge(exhaust(&trials[i],
			fail_allocation_number), 1);
		end_and_settle(&trials[i]);
	}
	ck_assert_uint_eq(tally_read(&runs), 4);	/* two items, twice */
	assert_heard(&witness, 0, 0);
	ck_assert(CloseHandle(object));
}
END_TEST

/* In a process that has no thread yet. */
static void
meet_every_thread(unsigned number, unsigned long least)
{
	const struct trial *trial = &trials[number];

	object = event(AUTO, UNSET);
	ck_assert_uint_ge(exhaust(trial, fail_thread_number), least);
	end_and_settle(trial);
	ck_assert(CloseHandle(object));
}

START_TEST(an_item_that_gets_no_thread_is_not_queued)
{	/* LEGACY-01 */
	meet_every_thread(0, 1);
	ck_assert_uint_eq(tally_read(&runs), 1);
	meet_every_thread(1, 1);
	ck_assert_uint_eq(tally_read(&runs), 2);
}
END_TEST

START_TEST(a_wait_needs_the_dispatcher_and_a_thread)
{	/* LEGACY-14, LEGACY-21 */
	meet_every_thread(2, 2);
	meet_every_thread(3, 1);	/* that of the wait thread */
}
END_TEST

START_TEST(a_timer_needs_the_dispatcher_and_a_thread)
{	/* LEGACY-37, LEGACY-57 */
	meet_every_thread(4, 2);
	meet_every_thread(5, 1);	/* that of the timer thread */
}
END_TEST

START_TEST(to_end_something_takes_no_memory_and_no_thread)
{	/* LEGACY-29, LEGACY-43, LEGACY-53 */
	HANDLE done = event(AUTO, UNSET);
	HANDLE ways[] = { NULL, INVALID_HANDLE_VALUE, done };

	object = event(AUTO, UNSET);
	for (unsigned i = 0; i < TRIALS * 3; i++) {
		const struct trial *trial = &trials[i / 3];

		if (trial->end == NULL)
			continue;
		ck_assert(trial->make(trial->flags));
		fail_allocations(true);
		fail_threads(true);
		ck_assert(trial->end(ways[i % 3]));
		fail_allocations(false);
		fail_threads(false);
		if (i % 3 == 2)
			ck_assert_uint_eq(poll(done), WAIT_OBJECT_0);
	}
	close_all(2, (HANDLE[]){ object, done });
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("legacy_shortage");
	TCase *small = harness_case(suite, "small");

	tcase_add_test(small, each_call_survives_exhausted_memory);
	tcase_add_test(small, an_item_that_gets_no_thread_is_not_queued);
	tcase_add_test(small, a_wait_needs_the_dispatcher_and_a_thread);
	tcase_add_test(small, a_timer_needs_the_dispatcher_and_a_thread);
	tcase_add_test(small, to_end_something_takes_no_memory_and_no_thread);
	return harness_run(suite);
}
