/* suite.c - the checks of "Let timers share a wake-up" */
/* SPDX-License-Identifier: MIT */
/*
 * The first checks play the dispatcher: they hold tp_waitable_lock, so that
 * the real one sleeps, and ask the answer what to do, at times that they
 * invent. Every due time notes when it was served. The invented times are
 * far in the future, so that nothing that is left over could be served by
 * the real dispatcher.
 *
 * The last check uses timers of a pool. Under the explorer, where time is
 * virtual, it asks for exact times; natively only that nothing is early.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explore.h"
#include "suite.h"

#include "dispatch.h"
#include "threadpool.h"

#define JOBS 64
#define SECOND (1000 * TP_MS)

/* ---- A dispatcher of the suite's own ---- */

struct job {
	struct tp_due due;
	tp_time when, window;		/* as it was set */
	tp_time period;			/* to the next one; 0: none */
	bool set;
	unsigned rest;			/* how often it comes after that */
	unsigned came;			/* how often it came */
};

static struct job jobs[JOBS];
static tp_time start;			/* when the check began, by now */
static tp_time now, wall;		/* what the clocks show */
static tp_time planned;			/* the dispatcher sleeps until then */
static unsigned wake_ups;
static unsigned long woken;		/* by tp_dispatcher_wake_locked */
static struct job *served[4 * JOBS];	/* in this order */
static unsigned served_count;

static long
ms(tp_time ticks)
{
	return (long)(ticks / TP_MS);
}

static void
count_wake(void *unused)
{
	(void)unused;
	woken++;
}

static void
set_job(struct job *job, tp_time when, tp_time window, bool absolute)
{
	job->when = when;
	job->window = window;
	job->set = true;
	woken = 0;
	tp_due_set_locked(&job->due, when, window, absolute);
}

/* See struct tp_due. */
static void
expire(struct tp_due *due)
{
	struct job *job = tp_container(due, struct job, due);
	tp_time time = due->absolute ? wall : now, late = time - job->when;

	require(pthread_mutex_trylock(&tp_waitable_lock.mutex) == EBUSY,
		"a due time was acted upon without tp_waitable_lock");
	require(late >= 0, "a due time was served %ld ms too early",
		ms(TP_MS - 1 - late));
	require(late <= job->window, "a due time with a window of %ld ms was "
		"served %ld ms after it had come", ms(job->window), ms(late));
	require(served_count < 4 * JOBS && job->set,
		"a due time was served that was not set any more");
	job->set = false;
	job->came++;
	served[served_count++] = job;
	if (job->rest == 0)
		return;
	job->rest--;
	set_job(job, job->when + job->period, job->window, due->absolute);
}

static void
serve(void)
{
	for (unsigned calls = 0; tp_due_serve_locked(now, wall); calls++)
		require(calls < 1000, "tp_due_serve_locked said again and "
			"again that it had served something");
}

/* What the dispatcher does when it wakes up, until it sleeps. */
static void
look(void)
{
	serve();
	planned = tp_due_next_look_locked(now, wall);
	require(planned > now, "nothing was served, and the dispatcher "
		"was told not to sleep: it would look again for ever");
}

/* Lets the time pass up to that one, so long after the start. */
static void
run_until(tp_time end)
{
	for (look(); planned <= start + end; look()) {
		wall += planned - now;
		now = planned;
		require(++wake_ups < 10000,
			"the dispatcher woke up 10000 times");
	}
	wall += start + end - now;
	now = start + end;
}

static void
begin(void)
{
	memset(jobs, 0, sizeof(jobs));
	for (unsigned i = 0; i < JOBS; i++)
		jobs[i].due.expire = expire;
	served_count = wake_ups = 0;
	tp_lock(&tp_waitable_lock);
	now = start = (tp_now() / SECOND + 1000000) * SECOND;
	wall = (tp_wall() / SECOND + 1000000) * SECOND;
	planned = TP_FOREVER;
	at_each(BEFORE_WAKE, count_wake);
}

static void
finish(void)
{
	at_each(BEFORE_WAKE, NULL);
	for (unsigned i = 0; i < JOBS; i++)
		tp_due_cancel_locked(&jobs[i].due);
	tp_waitable_unlock();
}

static void
set_after(unsigned job, long due, long window)
{
	set_job(&jobs[job], now + due * TP_MS, window * TP_MS, false);
}

static void
require_served(unsigned job, unsigned times)
{
	require(jobs[job].came == times, "a due time was served %u times "
		"instead of %u", jobs[job].came, times);
}

/* ---- A trace ---- */

/* The same on every machine. */
static unsigned
next_number(unsigned below)
{
	static unsigned number;

	number = number * 1664525 + 1013904223;
	return (number >> 16) % below;
}

/* Forty due times within two seconds, eight of them periodic. */
static void
set_trace(void)
{
	for (unsigned i = 0; i < 40; i++) {
		set_after(i, next_number(2000), next_number(4) == 0 ? 0 :
			next_number(300));
		if (i % 5 > 0)
			continue;
		jobs[i].period = 301 * TP_MS + next_number(100) * TP_MS;
		jobs[i].rest = 2;
	}
}

CHECK(never_early_and_at_most_a_window_late)
{
	begin();
	set_trace();
	set_after(50, 100, 0);		/* replaced */
	set_after(50, 500, 100);
	set_after(51, 100, 50);		/* cancelled */
	jobs[51].set = false;
	tp_due_cancel_locked(&jobs[51].due);
	tp_due_cancel_locked(&jobs[51].due);
	set_job(&jobs[52], TP_FOREVER - 1, SECOND, false);
	set_job(&jobs[53], wall + 700 * TP_MS, 80 * TP_MS, true);
	run_until(4 * SECOND);
	for (unsigned i = 0; i < 40; i++)
		require_served(i, i % 5 == 0 ? 3 : 1);
	require_served(50, 1);
	require_served(51, 0);
	require_served(52, 0);
	require_served(53, 1);
	finish();
}

/* ---- Wake-ups ---- */

struct window {
	tp_time begin, end;
};

static int
by_end(const void *one, const void *other)
{
	tp_time a = ((const struct window *)one)->end;
	tp_time b = ((const struct window *)other)->end;

	return (a > b) - (a < b);
}

/* How many moments are needed so that each window has one of them? */
static unsigned
least_wake_ups(void)
{
	struct window windows[4 * JOBS];
	unsigned count = 0, least = 0;
	tp_time last = 0;

	for (unsigned i = 0; i < JOBS; i++)
		for (unsigned j = 0; j <= jobs[i].rest; j++) {
			const struct job *job = &jobs[i];
			tp_time when = job->when + j * job->period;

			if (job->when == 0)
				continue;
			windows[count].begin = when;
			windows[count++].end = when + job->window;
		}
	qsort(windows, count, sizeof(*windows), by_end);
	for (unsigned i = 0; i < count; i++)
		if (windows[i].begin > last) {
			last = windows[i].end;
			least++;
		}
	return least;
}

static void
require_asleep(const char *what)
{
	require(woken == 0, "%s was set, and the dispatcher was woken for "
		"nothing", what);
}

/* The dispatcher sleeps for 100 ms already. */
static void
wake_for_nothing(void)
{
	begin();
	set_after(0, 100, 0);
	look();
	set_after(1, 500, 0);
	require_asleep("a later due time");
	set_after(2, 50, 60);
	require_asleep("a due time whose window ends later");
	set_after(3, 500, 0);
	require_asleep("a later due time");
	run_until(SECOND);
	finish();
}

CHECK(as_few_wake_ups_as_the_windows_allow)
{
	unsigned least;

	begin();
	set_after(0, 100, 200);		/* TIMER-25 */
	set_after(1, 250, 0);
	run_until(SECOND);
	require_served(0, 1);
	require_served(1, 1);
	require(wake_ups == 1, "one due time could wait for the other, and "
		"the dispatcher woke up %u times", wake_ups);
	finish();

	begin();
	set_trace();
	least = least_wake_ups();
	run_until(4 * SECOND);
	require(served_count == 56, "of 56 due times, %u were served",
		served_count);
	require(wake_ups <= least, "for 56 due times the dispatcher woke up "
		"%u times, and with their windows %u are enough", wake_ups,
		least);
	finish();
	wake_for_nothing();
}

/* ---- Order ---- */

static void
require_order(unsigned count, const unsigned *order, const char *what)
{
	require(served_count == count, "of %u due times, %u were served",
		count, served_count);
	for (unsigned i = 0; i < count; i++) {
		long due = ms(served[i]->when - start);
		long expected = ms(jobs[order[i]].when - start);

		require(due == expected, "of %s, one that comes at %ld ms was "
			"served before one that comes at %ld ms", what, due,
			expected);
		require(served[i] == &jobs[order[i]], "of %s, two that come "
			"at %ld ms were not served in the order in which they "
			"were set", what, due);
	}
}

/* All of them in one wake-up: the machine stood still for a while. */
static void
serve_late(long window)
{
	static const long due[] = { 30, 10, 20, 10, 30, 20, 10, 40 };
	static const unsigned order[] = { 3, 6, 1, 2, 5, 0, 4, 7 };

	begin();
	for (unsigned i = 0; i < 8; i++)
		set_after(i, due[i], window);
	set_after(1, 10, window);	/* again, behind 3 and 6 */
	for (unsigned i = 0; i < 8; i++)
		jobs[i].window = SECOND;	/* may be as late as this */
	now += 100 * TP_MS;
	wall += 100 * TP_MS;
	serve();
	require_order(8, order, window > 0 ?
		"due times with windows of the same length" :
		"due times without a window");
	finish();
}

CHECK(what_comes_first_is_served_first)
{
	serve_late(0);
	serve_late(50);
}

/* ---- Periods ---- */

/* The last due time was so many periods and a half ago. */
static void
require_next(tp_time period, long ago)
{
	struct tp_due due = { .when = tp_now() - ago * period - period / 2 };
	tp_time before = tp_now(), next = tp_due_next(&due, period), after;

	after = tp_now();
	require((next - due.when) % period == 0, "the next due time was no "
		"whole number of periods after the last");
	require(next > before, "%ld periods had passed, and the next due "
		"time had passed, too", ago);
	require(next <= after + period, "the next due time was more than a "
		"period from now");
}

static void
require_next_of_absolute(tp_time period)
{
	struct tp_due due = { .when = tp_wall() - period, .absolute = true };
	tp_time before = tp_now(), next = tp_due_next(&due, period);

	require(next >= before + period && next <= tp_now() + period,
		"after an absolute due time, the next was not a period from "
		"now by the steady clock");
}

CHECK(periods_do_not_drift)
{
	struct tp_due *due = &jobs[0].due;

	require_next(10 * SECOND, 0);
	require_next(10 * SECOND, 3);
	require_next(4294967295 * TP_MS, 0);
	require_next_of_absolute(10 * SECOND);
	begin();
	set_after(0, 100, 50);
	require(due->when == jobs[0].when && !due->absolute, "a due time was "
		"set, and `when` is not the beginning of its window");
	finish();
}

/* ---- Waking the dispatcher ---- */

static void
require_woken(const char *what)
{
	require(woken > 0, "%s was set that must be served before the "
		"dispatcher wakes up, and nobody woke it", what);
	look();
}

CHECK(an_earlier_one_wakes_the_dispatcher)
{
	begin();
	look();
	set_after(0, 500, 0);
	require_woken("the first due time");
	set_after(1, 300, 100);
	require_woken("a due time with a window");
	set_after(2, 200, 0);
	require_woken("a due time without a window");
	set_job(&jobs[3], wall + 100 * TP_MS, 0, true);
	require_woken("an absolute due time");
	set_after(0, 50, 0);
	require_woken("an earlier due time in place of a later one");
	run_until(SECOND);
	for (unsigned i = 0; i < 4; i++)
		require_served(i, 1);
	finish();
}

/* ---- The system clock ---- */

static void
step_forward(void)
{
	begin();
	set_after(0, 20000, 0);
	set_job(&jobs[1], wall + 10 * SECOND, 0, true);
	look();
	require(planned <= now + SECOND, "an absolute due time was set, and "
		"the dispatcher slept for more than a second: it would not "
		"notice that the system clock is set");
	run_until(3 * SECOND);
	require_served(1, 0);
	wall += 3600 * SECOND;
	jobs[1].window = 3600 * SECOND;	/* since then it is that late */
	run_until(5 * SECOND);
	require_served(1, 1);
	require_served(0, 0);
	finish();
}

static void
step_backward(void)
{
	begin();
	set_after(0, 2000, 0);
	set_job(&jobs[1], wall + 2 * SECOND, 0, true);
	set_job(&jobs[2], wall + 4 * SECOND, 0, true);
	set_job(&jobs[3], wall + SECOND, 0, true);
	set_after(2, 3000, 0);		/* is of the other clock now */
	set_after(3, 3000, 0);
	run_until(SECOND);
	wall -= 3600 * SECOND;
	run_until(5 * SECOND);
	require_served(0, 1);
	require_served(1, 0);
	require_served(2, 1);
	require_served(3, 1);
	run_until(3605 * SECOND);
	require_served(1, 1);
	finish();
}

CHECK(the_system_clock_moves_its_own_due_times_only)
{
	step_forward();
	step_backward();
}

/* ---- The timers of a pool ---- */

struct alarm_clock {
	PTP_TIMER timer;
	tp_time due, window, period;	/* ticks; due by tp_now */
	struct tally rings;
	struct tally stopped;
};

static struct alarm_clock clocks[4];

static void CALLBACK
ring(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER unused)
{
	struct alarm_clock *clock = context;
	tp_time late, time = tp_now();

	(void)instance;
	(void)unused;
	explore_note("callback");
	require(tally_read(&clock->stopped) == 0, "a callback ran after "
		"its timer had been stopped and waited for");
	late = time - clock->due - clock->period *
		(tp_time)(tally_add(&clock->rings) - 1);
	require(late >= 0, "a callback ran before its due time");
	require(!explore_active() || late <= clock->window,
		"a callback ran after its window had ended");
}

static void
wind(unsigned i, DWORD due, DWORD window, DWORD period)
{
	ULARGE_INTEGER ticks = { .QuadPart = 0 - due * (ULONGLONG)TP_MS };
	FILETIME time = { ticks.u.LowPart, ticks.u.HighPart };

	clocks[i].due = tp_now() + due * TP_MS;
	clocks[i].window = window * TP_MS;
	clocks[i].period = period * TP_MS;
	SetThreadpoolTimer(clocks[i].timer, &time, period, window);
}

static void
stop(unsigned i)
{
	SetThreadpoolTimer(clocks[i].timer, NULL, 0, 0);
	WaitForThreadpoolTimerCallbacks(clocks[i].timer, TRUE);
	tally_add(&clocks[i].stopped);
}

/* Two earlier ones are set while the dispatcher sleeps for a later one. */
static void
ring_all(void)
{
	wind(0, 40, 0, 0);
	await_still();
	wind(1, 10, 25, 0);
	wind(2, 20, 5, 30);
	awaiting("the callbacks of three timers to run");
	tally_await(&clocks[0].rings, 1);
	tally_await(&clocks[1].rings, 1);
	tally_await(&clocks[2].rings, 2);
	stop(2);
}

/* Main wakes up at the very moment at which the timer is due. */
static void
stop_at_the_last_moment(void)
{
	wind(3, 100, 0, 0);
	tp_thread_sleep(100 * TP_MS);
	stop(3);
	await_still();
}

CHECK(timers_keep_their_windows)
{
	static const struct tally zero = TALLY_ZERO;
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environment;

	require(pool != NULL, "CreateThreadpool failed");
	SetThreadpoolThreadMaximum(pool, 1);
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	for (unsigned i = 0; i < 4; i++) {
		clocks[i].rings = clocks[i].stopped = zero;
		clocks[i].timer = CreateThreadpoolTimer(ring, &clocks[i],
			&environment);
		require(clocks[i].timer != NULL,
			"CreateThreadpoolTimer failed");
	}
	ring_all();
	if (explore_active())	/* else it would be a matter of luck */
		stop_at_the_last_moment();
	for (unsigned i = 0; i < 4; i++)
		CloseThreadpoolTimer(clocks[i].timer);
	CloseThreadpool(pool);
}
