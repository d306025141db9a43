/* clock.c - virtual time */
/* SPDX-License-Identifier: MIT */
/*
 * There is one clock, xp_now, in ns since the execution began. It stands
 * still while any thread can run, and moves from deadline to deadline
 * (schedule.c). The system's clocks are this one plus a constant; the wall
 * clock's constant changes when a program has it set (explore_step_wall).
 * So a second of sleep takes no time, and "at 200 ms" is exact.
 */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "inner.h"

#define STEADY_START	(1000 * XP_SECOND)
#define WALL_START	(1767225600 * XP_SECOND)	/* 2026-01-01 00:00 UTC */

xp_time xp_now;
static xp_time wall_offset;		/* by which the program has set it */

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __real_clock_nanosleep(clockid_t clock, int flags,
	const struct timespec *time, struct timespec *rest);
int __wrap_clock_nanosleep(clockid_t clock, int flags,
	const struct timespec *time, struct timespec *rest);
int __real_nanosleep(const struct timespec *time, struct timespec *rest);
int __wrap_nanosleep(const struct timespec *time, struct timespec *rest);
int __real_usleep(useconds_t time);
int __wrap_usleep(useconds_t time);
unsigned __real_sleep(unsigned seconds);
unsigned __wrap_sleep(unsigned seconds);
time_t __real_time(time_t *result);
time_t __wrap_time(time_t *result);
int __real_gettimeofday(struct timeval *now, void *zone);
int __wrap_gettimeofday(struct timeval *now, void *zone);
int __real_timespec_get(struct timespec *now, int base);
int __wrap_timespec_get(struct timespec *now, int base);

/* ---- What the clocks say ---- */

static xp_time
steady(void)
{
	return STEADY_START + xp_now;
}

static xp_time
wall(void)
{
	return WALL_START + wall_offset + xp_now;
}

static bool
is_wall(clockid_t clock)
{
#ifdef CLOCK_REALTIME_COARSE
	if (clock == CLOCK_REALTIME_COARSE)
		return true;
#endif
	return clock == CLOCK_REALTIME;
}

static xp_time
ns_of(const struct timespec *time)
{
	if (time->tv_sec > XP_FOREVER / XP_SECOND / 2)
		return XP_FOREVER / 2;
	return (xp_time)time->tv_sec * XP_SECOND + time->tv_nsec;
}

static struct timespec
timespec_of(xp_time time)
{
	return (struct timespec){ .tv_sec = (time_t)(time / XP_SECOND),
		.tv_nsec = (long)(time % XP_SECOND) };
}

/* See inner.h. A time that has passed is a deadline of now, not none. */
xp_time
xp_deadline(clockid_t clock, const struct timespec *when)
{
	xp_time deadline = ns_of(when) -
		(is_wall(clock) ? wall() : steady());

	if (deadline > XP_FOREVER / 2)
		return XP_FOREVER;
	if (deadline < 0)
		deadline = 0;
	return xp_now + deadline > 0 ? xp_now + deadline : 1;
}

/* See inner.h. Whoever sets the wall clock moves this deadline, too. */
void
xp_op_until(struct xp_op *op, clockid_t clock, const struct timespec *when)
{
	op->deadline = xp_deadline(clock, when);
	op->by_wall = is_wall(clock) && op->deadline != XP_FOREVER;
}

int
__wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
	if (!xp_active())
		return __real_clock_gettime(clock, now);
	*now = timespec_of(is_wall(clock) ? wall() : steady());
	return 0;
}

time_t
__wrap_time(time_t *result)
{
	time_t now;

	if (!xp_active())
		return __real_time(result);
	now = (time_t)(wall() / XP_SECOND);
	if (result != NULL)
		*result = now;
	return now;
}

int
__wrap_gettimeofday(struct timeval *now, void *zone)
{
	if (!xp_active())
		return __real_gettimeofday(now, zone);
	now->tv_sec = (time_t)(wall() / XP_SECOND);
	now->tv_usec = (suseconds_t)(wall() % XP_SECOND / 1000);
	return 0;
}

int
__wrap_timespec_get(struct timespec *now, int base)
{
	if (!xp_active() || base != TIME_UTC)
		return __real_timespec_get(now, base);
	*now = timespec_of(wall());
	return base;
}

/* ---- Sleeping ---- */

static bool
never(struct xp_op *op)
{
	(void)op;
	return false;
}

static void
sleep_for(xp_time duration)
{
	struct xp_op op = { .kind = XP_SLEEP, .ready = never,
		.deadline = xp_now + duration > 0 ? xp_now + duration : 1,
		.data = (uintptr_t)duration };

	(void)xp_step(&op);
}

static void
sleep_until(clockid_t clock, const struct timespec *when)
{
	struct xp_op op = { .kind = XP_SLEEP, .ready = never };

	xp_op_until(&op, clock, when);
	op.data = op.deadline > xp_now ?
		(uintptr_t)(op.deadline - xp_now) : 0;
	(void)xp_step(&op);
}

static bool
is_duration(const struct timespec *time)
{
	return time->tv_sec >= 0 && xp_is_time(time);
}

int
__wrap_clock_nanosleep(clockid_t clock, int flags,
	const struct timespec *time, struct timespec *rest)
{
	if (!xp_active())
		return __real_clock_nanosleep(clock, flags, time, rest);
	if (!is_duration(time))
		return EINVAL;
	if (flags == TIMER_ABSTIME)
		sleep_until(clock, time);
	else
		sleep_for(ns_of(time));
	return 0;
}

int
__wrap_nanosleep(const struct timespec *time, struct timespec *rest)
{
	if (!xp_active())
		return __real_nanosleep(time, rest);
	if (!is_duration(time))
		return xp_fail(EINVAL);
	sleep_for(ns_of(time));
	return 0;
}

int
__wrap_usleep(useconds_t time)
{
	if (!xp_active())
		return __real_usleep(time);
	sleep_for((xp_time)time * 1000);
	return 0;
}

unsigned
__wrap_sleep(unsigned seconds)
{
	if (!xp_active())
		return __real_sleep(seconds);
	sleep_for((xp_time)seconds * XP_SECOND);
	return 0;
}

/* ---- What a program may do to the clocks (explore.h) ---- */

void
explore_step_wall_clock(long milliseconds)
{
	xp_time step = (xp_time)milliseconds * XP_MS;

	if (!xp_active())
		return;
	xp_simple_step(XP_PAUSE, NULL, 0);	/* at any moment */
	wall_offset += step;
	for (unsigned i = 0; i < xp_thread_count; i++) {
		struct xp_op *op = xp_threads[i].op;

		if (op != NULL && op->by_wall)
			op->deadline = op->deadline - step > 0 ?
				op->deadline - step : 1;
	}
}

void
explore_suspend_machine(long milliseconds)
{
	/* CLOCK_MONOTONIC does not count what the machine has slept. */
	explore_step_wall_clock(milliseconds);
}

void
explore_stall_machine(long milliseconds)
{
	if (!xp_active())
		return;
	xp_simple_step(XP_PAUSE, NULL, 0);
	xp_now += (xp_time)milliseconds * XP_MS;
}
