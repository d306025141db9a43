/* clock.c - a clock that stands still until the check moves it */
/* SPDX-License-Identifier: MIT */
/*
 * Defines the functions of the C library by which the time is asked for and
 * waited for, so that the answer and what it is linked with find these. A
 * wait with a time limit is one without; clock_to, when nothing moves any
 * more, sets the clock to the next limit and wakes whoever waits for it. So
 * an hour takes no time, and what happens at 20 ms happens at exactly 20 ms,
 * on any machine.
 *
 * Explored, nothing of this is there: the explorer's own clock is like it.
 *
 * Interface: clock.h.
 *
 * Locks: `lock` guards everything here. Sleepers leave under it, so that the
 * condition of one that is being woken still exists.
 */
#define _GNU_SOURCE		/* pthread_cond_clockwait */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#include "explore.h"
#include "suite.h"
#include "watch.h"

#include "clock.h"

#define SECOND		1000000000ll		/* ns */
#define UP		(1000 * SECOND)		/* when clock_begin is called */
#define WALL		(1767225600 * SECOND)	/* 2026-01-01 00:00 UTC */

static long long began;			/* read-only after clock_begin */

/* In ns, by the clock that is never set. */
static long long
steady(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

long long
clock_us(void)
{
	return (steady() - began) / 1000;
}

#ifdef __SANITIZE_THREAD__	/* explored */

void
clock_begin(void)
{
	began = steady();
}

void
clock_begin_after(long long milliseconds)
{
	(void)milliseconds;
	clock_begin();
}

void
clock_to(long long microseconds)
{
	long long then = began + microseconds * 1000;
	struct timespec when = { then / SECOND, then % SECOND };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL);
	await_still();
}

void
clock_step_wall(long milliseconds)
{
	explore_step_wall(milliseconds);
	await_still();
}

#else

#define CONDITIONS 1024
#define TOO_OFTEN 1000

/* A thread that sleeps until a time, or until its condition is signalled. */
struct sleeper {
	pthread_cond_t *condition;
	long long deadline;		/* ns, of its clock */
	bool wall;
	bool expired;
	struct sleeper *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Guarded by lock. */
static long long now = UP, wall_offset = WALL;
static struct sleeper *sleepers;
static pthread_cond_t *steady_conditions[CONDITIONS];
static unsigned too_late;		/* waits that were over at once */

static _Thread_local bool director;	/* its own pauses are real ones */

static void
enter(void)
{
	__real_pthread_mutex_lock(&lock);
}

static void
leave(void)
{
	__real_pthread_mutex_unlock(&lock);
}

/* ---- What the clocks say ---- */

static long long
read_clock(bool wall)
{
	long long result;

	enter();
	result = wall ? now + wall_offset : now;
	leave();
	return result;
}

static bool
is_wall(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

int
clock_gettime(clockid_t clock, struct timespec *result)
{
	long long time = read_clock(is_wall(clock));

	*result = (struct timespec){ time / SECOND, time % SECOND };
	return 0;
}

int
gettimeofday(struct timeval *restrict result, void *restrict zone)
{
	long long time = read_clock(true);

	(void)zone;
	*result = (struct timeval){ time / SECOND, time % SECOND / 1000 };
	return 0;
}

time_t
time(time_t *result)
{
	time_t seconds = read_clock(true) / SECOND;

	if (result != NULL)
		*result = seconds;
	return seconds;
}

int
timespec_get(struct timespec *result, int base)
{
	return clock_gettime(CLOCK_REALTIME, result) == 0 ? base : 0;
}

/* ---- Conditions, and the clocks that they go by ---- */

static pthread_cond_t **
slot_of_locked(pthread_cond_t *condition)
{
	for (unsigned i = 0; i < CONDITIONS; i++)
		if (steady_conditions[i] == condition)
			return &steady_conditions[i];
	return NULL;
}

int
pthread_cond_init(pthread_cond_t *restrict condition,
	const pthread_condattr_t *restrict attributes)
{
	static const pthread_cond_t fresh = PTHREAD_COND_INITIALIZER;
	clockid_t clock = CLOCK_REALTIME;
	pthread_cond_t **slot;

	if (attributes != NULL)
		pthread_condattr_getclock(attributes, &clock);
	enter();
	slot = slot_of_locked(condition);
	if (slot != NULL)
		*slot = NULL;
	slot = is_wall(clock) ? NULL : slot_of_locked(NULL);
	if (slot != NULL)
		*slot = condition;
	leave();
	require(is_wall(clock) || slot != NULL,
		"the check itself has no room for so many conditions");
	*condition = fresh;
	return 0;
}

/* ---- Sleeping ---- */

static long long
deadline_of_locked(const struct sleeper *sleeper)
{
	return sleeper->deadline - (sleeper->wall ? wall_offset : 0);
}

static bool
begin_sleep(struct sleeper *sleeper)
{
	unsigned late;

	enter();
	sleeper->expired = deadline_of_locked(sleeper) <= now;
	if (sleeper->expired)
		too_late++;
	else
		too_late = 0;
	late = too_late;
	sleeper->next = sleepers;
	sleepers = sleeper;
	leave();
	require(late < TOO_OFTEN, "a thread waits until a time that has "
		"passed by the clock of its condition, again and again");
	return !sleeper->expired;
}

static bool
is_over(const struct sleeper *sleeper)
{
	bool expired;

	enter();
	expired = sleeper->expired;
	leave();
	return expired;
}

static bool
end_sleep(struct sleeper *sleeper)
{
	struct sleeper **link = &sleepers;
	bool expired;

	enter();
	while (*link != sleeper)
		link = &(*link)->next;
	*link = sleeper->next;
	expired = sleeper->expired;
	leave();
	return expired;
}

static int
wait_until(pthread_cond_t *condition, pthread_mutex_t *mutex, bool wall,
	const struct timespec *when)
{
	struct sleeper sleeper = { .condition = condition, .wall = wall,
		.deadline = when->tv_sec * SECOND + when->tv_nsec };

	require(when->tv_nsec >= 0 && when->tv_nsec < SECOND,
		"a wait has a time limit with more nanoseconds (tv_nsec) than "
		"a second has");
	if (when->tv_sec > INT32_MAX * 1000ll)
		sleeper.deadline = INT64_MAX / 2;
	if (begin_sleep(&sleeper)) {
		__real_pthread_cond_wait(condition, mutex);
	} else {
		__real_pthread_mutex_unlock(mutex);
		__real_pthread_mutex_lock(mutex);
	}
	return end_sleep(&sleeper) ? ETIMEDOUT : 0;
}

int
pthread_cond_timedwait(pthread_cond_t *restrict condition,
	pthread_mutex_t *restrict mutex, const struct timespec *restrict when)
{
	bool wall;

	enter();
	wall = slot_of_locked(condition) == NULL;
	leave();
	return wait_until(condition, mutex, wall, when);
}

int
pthread_cond_clockwait(pthread_cond_t *restrict condition,
	pthread_mutex_t *restrict mutex, clockid_t clock,
	const struct timespec *restrict when)
{
	return wait_until(condition, mutex, is_wall(clock), when);
}

/* The check's own pauses take the time that they take. */
int
nanosleep(const struct timespec *duration, struct timespec *rest)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
	struct sleeper sleeper = { .condition = &condition };

	if (director)
		return clock_nanosleep(CLOCK_MONOTONIC, 0, duration, rest);
	sleeper.deadline = read_clock(false) +
		duration->tv_sec * SECOND + duration->tv_nsec;
	__real_pthread_mutex_lock(&mutex);
	if (begin_sleep(&sleeper))
		while (!is_over(&sleeper))
			__real_pthread_cond_wait(&condition, &mutex);
	__real_pthread_mutex_unlock(&mutex);
	(void)end_sleep(&sleeper);
	return 0;
}

/* ---- Moving the clock ---- */

void
clock_begin_after(long long milliseconds)
{
	director = true;
	now = milliseconds * 1000000;
	began = now;
}

void
clock_begin(void)
{
	clock_begin_after(UP / 1000000);
}

/* Moves on to the next deadline, or to the end; false: there was none. */
static bool
move(long long end)
{
	long long next = end;
	bool some = false;

	enter();
	for (struct sleeper *s = sleepers; s != NULL; s = s->next)
		if (!s->expired && deadline_of_locked(s) <= next) {
			next = deadline_of_locked(s);
			some = true;
		}
	if (next > now)
		now = next;
	too_late = 0;
	for (struct sleeper *s = sleepers; s != NULL; s = s->next)
		if (!s->expired && deadline_of_locked(s) <= now) {
			s->expired = true;
			__real_pthread_cond_broadcast(s->condition);
		}
	leave();
	return some;
}

void
clock_to(long long microseconds)
{
	bool before = director;

	director = true;	/* a hook may call this, on any thread */
	do {
		await_still();
	} while (move(began + microseconds * 1000));
	director = before;
}

void
clock_step_wall(long milliseconds)
{
	await_still();
	enter();
	wall_offset += milliseconds * 1000000ll;
	leave();
	clock_to(clock_us());
}

#endif
