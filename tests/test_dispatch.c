/* SPDX-License-Identifier: MIT */
/*
 * test_dispatch.c - due times, as the dispatcher keeps them
 *
 * An alarm is a due time that notes its letter when it comes, and whether
 * the clock said so: natively only that it was not too early, and nothing
 * about how late it came; explored, that it came exactly then. All that an
 * alarm has is guarded by the lock under which it is called.
 */
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "elapsed.h"

#include "../ref/pool.h"
#include "../ref/readiness.h"
#include "../ref/waitable.h"

static unsigned
draw(unsigned *random, unsigned below)
{
	*random = *random * 1664525u + 1013904223u;
	return (*random >> 8) % below;
}

struct alarm {
	struct tp_due due;
	tp_time when;
	bool absolute, wrong;		/* came at a wrong time */
	int again;			/* how often it sets itself anew */
	char name;
	struct alarms *alarms;
};

struct alarms {
	char order[64];			/* guarded by tp_waitable_lock */
	unsigned length;
	struct tally rung;
};

static void
ring(struct tp_due *due)
{
	struct alarm *alarm = tp_container(due, struct alarm, due);
	struct alarms *alarms = alarm->alarms;
	tp_time now = alarm->absolute ? tp_wall() : tp_now();

	tp_assert_held(&tp_waitable_lock);
	if (now < alarm->when || (exact() && now != alarm->when))
		alarm->wrong = true;
	if (alarms->length + 1 < sizeof(alarms->order))
		alarms->order[alarms->length++] = alarm->name;
	if (alarm->again-- > 0)
		tp_due_set_locked(due, alarm->when, 0, alarm->absolute);
	tally_add(&alarms->rung);
}

static void
set(struct alarm *alarm, struct alarms *alarms, char name, tp_time when,
	bool absolute)
{
	*alarm = (struct alarm){ .due = { .expire = ring }, .when = when,
		.absolute = absolute, .name = name, .alarms = alarms };
	tp_due_set_locked(&alarm->due, when, 0, absolute);
}

/* Sets six alarms of one clock, out of order, and lets them ring. */
static void
ring_in_order(bool absolute)
{
	static const int delays[] = { 30, 10, 20, 10, 0, 10 };	/* ms */
	struct alarms alarms = { .rung = TALLY_INIT };
	struct alarm six[6];
	tp_time now;

	ck_assert_uint_eq(tp_dispatcher_start(), 0);
	tp_lock(&tp_waitable_lock);
	now = absolute ? tp_wall() : tp_now();
	for (int i = 0; i < 6; i++)
		set(&six[i], &alarms, (char)('a' + i),
			now + delays[i] * TP_MS, absolute);
	tp_unlock(&tp_waitable_lock);
	tally_await(&alarms.rung, 6);
	tp_lock(&tp_waitable_lock);
	ck_assert_str_eq(alarms.order, "ebdfca");
	for (int i = 0; i < 6; i++)
		ck_assert(!six[i].wrong);
	tp_unlock(&tp_waitable_lock);
}

START_TEST(relative_due_times_come_in_order_and_never_early)
{
	ring_in_order(false);
}
END_TEST

START_TEST(absolute_due_times_come_in_order_and_never_early)
{
	ring_in_order(true);
}
END_TEST

START_TEST(due_time_may_be_set_again_in_place_of_the_first)
{
	struct alarms alarms = { .rung = TALLY_INIT };
	struct alarm alarm, other;

	ck_assert_uint_eq(tp_dispatcher_start(), 0);
	tp_lock(&tp_waitable_lock);
	set(&alarm, &alarms, 'a', tp_now() + 3600 * 1000 * TP_MS, false);
	set(&other, &alarms, 'b', tp_wall() + 3600 * 1000 * TP_MS, true);
	alarm.when = tp_wall();		/* earlier, and of the other clock */
	alarm.absolute = true;
	tp_due_set_locked(&alarm.due, alarm.when, 0, true);
	tp_unlock(&tp_waitable_lock);
	tally_await(&alarms.rung, 1);
	tp_lock(&tp_waitable_lock);
	ck_assert_str_eq(alarms.order, "a");
	ck_assert(!alarm.wrong);
	tp_due_cancel_locked(&other.due);
	ck_assert(!tp_heap_contains(&other.due.node));
	tp_unlock(&tp_waitable_lock);
}
END_TEST

START_TEST(due_time_may_be_set_anew_when_it_comes)
{
	struct alarms alarms = { .rung = TALLY_INIT };
	struct alarm alarm;

	ck_assert_uint_eq(tp_dispatcher_start(), 0);
	tp_lock(&tp_waitable_lock);
	set(&alarm, &alarms, 'a', tp_now(), false);
	alarm.again = 4;
	tp_unlock(&tp_waitable_lock);
	tally_await(&alarms.rung, 5);
	tp_lock(&tp_waitable_lock);
	ck_assert_str_eq(alarms.order, "aaaaa");
	ck_assert(!alarm.wrong);
	ck_assert(!tp_heap_contains(&alarm.due.node));
	tp_unlock(&tp_waitable_lock);
}
END_TEST

/*
 * After a cancel under the lock, the due time has come completely or will
 * never come: the count does not change any more.
 */
START_TEST(cancelled_due_time_has_come_or_never_comes)
{
	unsigned long rung_in_time = 0;

	ck_assert_uint_eq(tp_dispatcher_start(), 0);
	for (int round = 0; round < 500; round++) {
		struct alarms alarms = { .rung = TALLY_INIT };
		struct alarm alarm;
		unsigned long rung;

		tp_lock(&tp_waitable_lock);
		set(&alarm, &alarms, 'a', round % 2 == 0 ?
			tp_now() + round : tp_wall() + round,
			round % 2 != 0);
		tp_unlock(&tp_waitable_lock);
		for (int i = 0; i < round % 50; i++)
			tp_thread_yield();
		tp_lock(&tp_waitable_lock);
		tp_due_cancel_locked(&alarm.due);
		rung = tally_read(&alarms.rung);
		tp_unlock(&tp_waitable_lock);
		rung_in_time += rung;
		memset(&alarm.due, 0xCC, sizeof(alarm.due));	/* its end */
		tp_thread_yield();
		ck_assert_uint_eq(tally_read(&alarms.rung), rung);
	}
	ck_assert_uint_le(rung_in_time, 500);
}
END_TEST

/* ---- Any order of calls ---- */

enum { PROMISES = 5 };

/* A due time, and when it may come; all guarded by tp_waitable_lock. */
struct promise {
	struct tp_due due;
	tp_time when, window;
	bool absolute, set, broken;
};

static void
keep(struct tp_due *due)
{
	struct promise *promise = tp_container(due, struct promise, due);
	tp_time late = (promise->absolute ? tp_wall() : tp_now()) -
		promise->when;

	if (!promise->set || late < 0 || (exact() && late > promise->window))
		promise->broken = true;
	promise->set = false;
}

static bool
none_is_set(void *promises)
{
	struct promise *promise = promises;
	bool none = true;

	tp_lock(&tp_waitable_lock);
	for (int i = 0; i < PROMISES; i++)
		none = none && !promise[i].set;
	tp_unlock(&tp_waitable_lock);
	return none;
}

/* Sets a due time at random, in place of what it was, or cancels it. */
static void
change(struct promise *promise, unsigned *random)
{
	tp_lock(&tp_waitable_lock);
	promise->set = draw(random, 4) > 0;
	promise->absolute = draw(random, 3) == 0;
	promise->when = (promise->absolute ? tp_wall() : tp_now()) +
		draw(random, 20) * TP_MS;
	promise->window = draw(random, 2) * draw(random, 15) * TP_MS;
	if (promise->set)
		tp_due_set_locked(&promise->due, promise->when,
			promise->window, promise->absolute);
	else
		tp_due_cancel_locked(&promise->due);
	tp_unlock(&tp_waitable_lock);
}

/* Whatever was set, put off or cancelled before: each comes in its window. */
START_TEST(due_times_come_in_their_windows_whatever_was_set_before)
{	/* TIMER-24 */
	struct promise promises[PROMISES] = { { .set = false } };
	unsigned random = 1;

	ck_assert_uint_eq(tp_dispatcher_start(), 0);
	for (int i = 0; i < PROMISES; i++)
		promises[i].due.expire = keep;
	for (int step = 0; step < 60; step++) {
		change(&promises[draw(&random, PROMISES)], &random);
		if (draw(&random, 2) == 0)
			tp_thread_sleep(draw(&random, 6) * TP_MS);
	}
	await(none_is_set, promises);
	tp_lock(&tp_waitable_lock);
	for (int i = 0; i < PROMISES; i++) {
		ck_assert(!promises[i].broken);
		ck_assert(!tp_heap_contains(&promises[i].due.node));
	}
	tp_unlock(&tp_waitable_lock);
}
END_TEST

/* ---- Due times and descriptors ---- */

static bool
somebody_waits(void *handle)
{
	bool found;

	tp_lock(&tp_waitable_lock);
	found = !tp_list_empty(&tp_handle_find_locked(handle)->blocks);
	tp_unlock(&tp_waitable_lock);
	return found;
}

struct late_byte {
	HANDLE readable;
	int to;
};

static void *
write_when_awaited(void *argument)
{
	struct late_byte *byte = argument;

	await(somebody_waits, byte->readable);
	ck_assert_int_eq((int)write(byte->to, "", 1), 1);
	return NULL;
}

/* One due time after the other has come: never is there time to sleep. */
START_TEST(descriptors_are_watched_although_due_times_keep_coming)
{
	struct alarms alarms = { .rung = TALLY_INIT };
	struct late_byte byte;
	struct alarm alarm;
	pthread_t writer;
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	byte.readable = tp_open_readiness(ends[0], POLLIN);
	byte.to = ends[1];
	ck_assert_ptr_nonnull(byte.readable);
	tp_lock(&tp_waitable_lock);
	set(&alarm, &alarms, 'a', tp_now(), false);
	alarm.again = INT_MAX;
	tp_unlock(&tp_waitable_lock);
	ck_assert_int_eq(pthread_create(&writer, NULL, write_when_awaited,
		&byte), 0);
	ck_assert_uint_eq(WaitForSingleObject(byte.readable, INFINITE),
		WAIT_OBJECT_0);
	pthread_join(writer, NULL);
	tp_lock(&tp_waitable_lock);
	tp_due_cancel_locked(&alarm.due);
	tp_unlock(&tp_waitable_lock);
	ck_assert(CloseHandle(byte.readable));
	close(ends[0]);
	close(ends[1]);
	harness_keep_descriptors();		/* the poller stays */
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("dispatch");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(small, relative_due_times_come_in_order_and_never_early);
	tcase_add_test(small, absolute_due_times_come_in_order_and_never_early);
	tcase_add_test(small, due_time_may_be_set_again_in_place_of_the_first);
	tcase_add_test(small, due_time_may_be_set_anew_when_it_comes);
	tcase_add_test(small,
		due_times_come_in_their_windows_whatever_was_set_before);
	tcase_add_test(large, cancelled_due_time_has_come_or_never_comes);
	tcase_add_test(large,
		descriptors_are_watched_although_due_times_keep_coming);
	return harness_run(suite);
}
