/* SPDX-License-Identifier: MIT */
/*
 * test_slim_locks.c - slim reader/writer locks
 *
 * That a thread sleeps is never guessed: one that waits to write keeps new
 * readers out of a lock that is held by a reader, and so an attempt to read
 * tells that it waits.
 */
#include "crew.h"

START_TEST(a_slim_lock_has_many_readers_or_one_writer)
{
	static SRWLOCK zeroed;
	SRWLOCK lock = SRWLOCK_INIT;

	ck_assert_int_eq(memcmp(&zeroed, &lock, sizeof(lock)), 0);
	AcquireSRWLockExclusive(&lock);
	ck_assert(!TryAcquireSRWLockExclusive(&lock));
	ck_assert(!TryAcquireSRWLockShared(&lock));
	ReleaseSRWLockExclusive(&lock);
	AcquireSRWLockShared(&lock);
	ck_assert(TryAcquireSRWLockShared(&lock));
	ck_assert(!TryAcquireSRWLockExclusive(&lock));
	ReleaseSRWLockShared(&lock);
	ck_assert(!TryAcquireSRWLockExclusive(&lock));
	ReleaseSRWLockShared(&lock);
	ck_assert(TryAcquireSRWLockExclusive(&lock));
	InitializeSRWLock(&lock);
	ck_assert(TryAcquireSRWLockShared(&lock));
	ReleaseSRWLockShared(&lock);
}
END_TEST

struct guarded {
	SRWLOCK lock;
	struct tally inside;
	unsigned writer_turn;	/* how many had been inside when it wrote */
};

static void *
write_once(void *argument)
{
	struct guarded *g = argument;

	AcquireSRWLockExclusive(&g->lock);
	g->writer_turn = (unsigned)tally_add(&g->inside);
	ReleaseSRWLockExclusive(&g->lock);
	return NULL;
}

static void *
read_together(void *argument)
{
	struct guarded *g = argument;

	AcquireSRWLockShared(&g->lock);
	tally_add(&g->inside);
	tally_await(&g->inside, 2);	/* both are inside at once */
	ReleaseSRWLockShared(&g->lock);
	return NULL;
}

/* A new reader is kept out of a lock that is held by a reader. */
static bool
a_writer_waits(void *argument)
{
	PSRWLOCK lock = argument;

	if (!TryAcquireSRWLockShared(lock))
		return true;
	ReleaseSRWLockShared(lock);
	return false;
}

START_TEST(readers_are_inside_together)
{
	struct guarded g = { SRWLOCK_INIT, TALLY_INIT, 0 };
	struct crew readers;

	AcquireSRWLockExclusive(&g.lock);
	crew_start(&readers, 2, read_together, &g);
	ReleaseSRWLockExclusive(&g.lock);
	crew_join(&readers);
	ck_assert(TryAcquireSRWLockExclusive(&g.lock));
}
END_TEST

START_TEST(a_waiting_writer_comes_before_later_readers)
{	/* no rule: decided here, not known of Windows */
	struct guarded g = { SRWLOCK_INIT, TALLY_INIT, 0 };
	struct crew writer, readers;

	AcquireSRWLockShared(&g.lock);
	crew_start(&writer, 1, write_once, &g);
	await(a_writer_waits, &g.lock);
	crew_start(&readers, 2, read_together, &g);
	ck_assert_uint_eq(tally_read(&g.inside), 0);
	ReleaseSRWLockShared(&g.lock);
	crew_join(&writer);
	crew_join(&readers);
	ck_assert_uint_eq(g.writer_turn, 1);
	ck_assert(TryAcquireSRWLockExclusive(&g.lock));
}
END_TEST

struct pair {
	SRWLOCK lock;
	int first, second;	/* always equal, seen by a reader */
	LONG torn;
};

static void *
read_and_write(void *argument)
{
	struct pair *p = argument;

	for (int i = 0; i < ROUNDS / 5; i++) {
		AcquireSRWLockShared(&p->lock);
		if (p->first != p->second)
			InterlockedIncrement(&p->torn);
		ReleaseSRWLockShared(&p->lock);
		AcquireSRWLockExclusive(&p->lock);
		p->first++;
		p->second++;
		ReleaseSRWLockExclusive(&p->lock);
	}
	return NULL;
}

START_TEST(a_slim_lock_guards_under_load)
{
	struct pair p = { SRWLOCK_INIT, 0, 0, 0 };
	struct crew crew;

	crew_start(&crew, CREW_MAX, read_and_write, &p);
	crew_join(&crew);
	ck_assert_int_eq(p.torn, 0);
	ck_assert_int_eq(p.first, CREW_MAX * (ROUNDS / 5));
	ck_assert_int_eq(p.second, p.first);
	ck_assert(TryAcquireSRWLockExclusive(&p.lock));
}
END_TEST

static void
release_a_free_lock(void *argument)
{
	SRWLOCK lock = SRWLOCK_INIT;

	UNREFERENCED_PARAMETER(argument);
	ReleaseSRWLockExclusive(&lock);
}

static void
release_as_a_reader_what_a_writer_holds(void *argument)
{
	SRWLOCK lock = SRWLOCK_INIT;

	UNREFERENCED_PARAMETER(argument);
	AcquireSRWLockExclusive(&lock);
	ReleaseSRWLockShared(&lock);
}

START_TEST(releasing_a_slim_lock_that_is_not_held_is_reported)
{
	const char *report = report_of(release_a_free_lock, NULL, true);

	ck_assert_ptr_nonnull(strstr(report, "slim-lock-not-held"));
	ck_assert_ptr_nonnull(strstr(report, "ReleaseSRWLockExclusive"));
	report = report_of(release_as_a_reader_what_a_writer_holds, NULL,
		true);
	ck_assert_ptr_nonnull(strstr(report, "slim-lock-not-held"));
	ck_assert_ptr_nonnull(strstr(report, "ReleaseSRWLockShared"));
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("slim_locks");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(small, a_slim_lock_has_many_readers_or_one_writer);
	tcase_add_test(small, readers_are_inside_together);
	tcase_add_test(small, a_waiting_writer_comes_before_later_readers);
	tcase_add_test(large, a_slim_lock_guards_under_load);
	if (TP_CHECK)
		tcase_add_test(small,
			releasing_a_slim_lock_that_is_not_held_is_reported);
	return harness_run(suite);
}
