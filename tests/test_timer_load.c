/* SPDX-License-Identifier: MIT */
/*
 * test_timer_load.c - a million timers, and a hundred thousand within a second
 *
 * That many are set and cancelled, and each is one allocation, no thread and
 * no descriptor of its own; that many come due within one second, and each
 * rings once, and in the order of the due times, the equal ones in the order
 * of setting. With a sanitizer there are a tenth of them.
 *
 * What is due in order must have been set in time: set_crowd sees to it that
 * all are set before the first is due, however slow the machine.
 */
#include "timing.h"

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define LOAD(n)	((n) / 10)
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define LOAD(n)	((n) / 10)
#endif
#endif
#ifndef LOAD
#define LOAD(n)	(n)
#endif

#define MILLION		LOAD(1000000)
#define CROWD		LOAD(100000)
#define SECOND		(1000 * MS)

static unsigned
pseudo_random(unsigned *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/*
 * Makes timers, and sets them in any order to times that do not come, some of
 * them by the other clock. A checking build finds the newest object first:
 * that a million are closed in reverse order saves seconds.
 */
static void
set_many(PTP_TIMER *timers, unsigned count, struct tally *rings,
	PTP_CALLBACK_ENVIRON environ)
{
	unsigned random = 1;

	for (unsigned i = 0; i < count; i++) {
		timers[i] = CreateThreadpoolTimer(count_timer, rings, environ);
		ck_assert_ptr_nonnull(timers[i]);
		set_ticks(timers[i], (i % 2 == 0 ? wall_now() : -2 * HOUR) +
			HOUR + (LONGLONG)pseudo_random(&random) * 100, 0, 0);
	}
}

static void
cancel_and_close_many(PTP_TIMER *timers, unsigned count)
{
	for (unsigned long i = 0; i < count / 10; i++)
		unset(timers[i * 7919 % count]);
	for (unsigned i = count; i-- > 0;) {
		unset(timers[i]);
		CloseThreadpoolTimer(timers[i]);
	}
}

START_TEST(a_million_timers_are_set_and_cancelled)
{	/* TIMER-01, TIMER-32, TIMER-36 */
	PTP_TIMER *timers = calloc(MILLION, sizeof(PTP_TIMER));
	struct tally rings = TALLY_INIT;
	unsigned files = open_descriptors();
	struct private_pool private;
	unsigned long memory;

	ck_assert_ptr_nonnull(timers);
	private_pool_open(&private, 1, 1);
	memory = made_allocations();
	set_many(timers, MILLION, &rings, &private.environ);
	/* A timer is one allocation (the worker another), and all it takes. */
	ck_assert_uint_le(made_allocations(), memory + MILLION + 1);
	ck_assert_uint_eq(live_threads(), 2);	/* worker and dispatcher */
	ck_assert_uint_eq(open_descriptors(), files);
	cancel_and_close_many(timers, MILLION);
	ck_assert_uint_eq(tally_read(&rings), 0);
	private_pool_close(&private);
	free(timers);
}
END_TEST

struct one_of_many {
	PTP_TIMER timer;
	LONGLONG due;			/* ticks of the system clock */
	unsigned times;			/* rung; by the worker only */
	struct crowd *crowd;
};

struct crowd {
	struct one_of_many *members;
	unsigned *order;		/* in which they rang */
	unsigned rung;			/* by the worker only */
	struct private_pool private;
	struct tally all;
};

static VOID CALLBACK
ring_in_the_crowd(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	struct one_of_many *member = context;
	struct crowd *crowd = member->crowd;

	(void)instance;
	(void)timer;
	member->times++;
	crowd->order[crowd->rung++] = (unsigned)(member - crowd->members);
	if (crowd->rung == CROWD)
		tally_add(&crowd->all);
}

static void
crowd_open(struct crowd *crowd)
{
	*crowd = (struct crowd){ .all = TALLY_INIT };
	private_pool_open(&crowd->private, 1, 1);
	crowd->members = calloc(CROWD, sizeof(*crowd->members));
	crowd->order = calloc(CROWD, sizeof(*crowd->order));
	ck_assert_ptr_nonnull(crowd->members);
	ck_assert_ptr_nonnull(crowd->order);
	for (unsigned i = 0; i < CROWD; i++) {
		struct one_of_many *member = &crowd->members[i];

		member->crowd = crowd;
		member->timer = CreateThreadpoolTimer(ring_in_the_crowd,
			member, &crowd->private.environ);
		ck_assert_ptr_nonnull(member->timer);
	}
}

/* None has rung, and none is set. */
static void
silence_crowd(struct crowd *crowd)
{
	for (unsigned i = 0; i < CROWD; i++) {
		struct one_of_many *member = &crowd->members[i];

		unset(member->timer);
		WaitForThreadpoolTimerCallbacks(member->timer, TRUE);
		member->times = 0;
	}
	crowd->rung = 0;
	crowd->all.count = 0;
}

/* All are due within one second, and all were set before it began. */
static void
set_crowd(struct crowd *crowd)
{
	LONGLONG lead = SECOND / 4, begin;
	unsigned random = 1;

	do {
		silence_crowd(crowd);
		lead *= 2;
		begin = wall_now() + lead;
		for (unsigned i = 0; i < CROWD; i++) {
			struct one_of_many *member = &crowd->members[i];

			member->due = begin + pseudo_random(&random) %
				(SECOND / 100) * 100;
			set_ticks(member->timer, member->due, 0, 0);
		}
	} while (wall_now() >= begin);	/* it was slow: all once more */
}

START_TEST(timers_due_within_a_second_fire_once_each_and_in_order)
{	/* TIMER-36 */
	unsigned files = open_descriptors();
	struct crowd crowd;

	crowd_open(&crowd);
	set_crowd(&crowd);
	tally_await(&crowd.all, 1);
	ck_assert_uint_eq(live_threads(), 2);	/* worker and dispatcher */
	ck_assert_uint_eq(open_descriptors(), files);
	for (unsigned i = 0; i < CROWD; i++)
		end_timer(crowd.members[i].timer);
	ck_assert_uint_eq(crowd.rung, CROWD);
	for (unsigned i = 1; i < CROWD; i++) {
		unsigned a = crowd.order[i - 1], b = crowd.order[i];
		LONGLONG later = crowd.members[b].due -
			crowd.members[a].due;

		ck_assert_uint_eq(crowd.members[b].times, 1);
		ck_assert(later > 0 || (later == 0 && b > a));
	}
	private_pool_close(&crowd.private);
	free(crowd.members);
	free(crowd.order);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("timer_load");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(large, a_million_timers_are_set_and_cancelled);
	tcase_add_test(large,
		timers_due_within_a_second_fire_once_each_and_in_order);
	return harness_run(suite);
}
