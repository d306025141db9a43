/* sync.c - the one file that blocks, wakes, makes threads and tells time */
/* SPDX-License-Identifier: MIT */
/*
 * Thin covers over POSIX threads. The calls that cannot fail when they are
 * used as this project uses them are asserted, not reported: a failing
 * pthread_mutex_lock is a bug in the pool, not an error of its caller.
 *
 * The checking build keeps, for each thread, the locks it holds, and stops
 * the program when one is taken out of order (see enum tp_rank).
 */
#ifdef __linux__
#define _GNU_SOURCE		/* names of threads, for debuggers only */
#endif
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "sync.h"

#define TICKS_PER_SECOND	((tp_time)10000000)
#define UNIX_EPOCH		((tp_time)116444736000000000) /* since 1601 */
#define NOT_ENOUGH_MEMORY	8u	/* ERROR_NOT_ENOUGH_MEMORY */

/* Stops on an error that only a bug in this project can cause. */
static void
must(int error, const char *what)
{
	if (error == 0)
		return;
	fprintf(stderr, "threadpool: internal error %d in %s\n", error, what);
	abort();
}

/* ---- Locks ---- */

#if TP_CHECK

#define HELD_MAX 8

/* The locks that this thread holds, in the order in which it took them. */
static _Thread_local const struct tp_mutex *held[HELD_MAX];
static _Thread_local unsigned held_count;

static const char *
rank_name(enum tp_rank rank)
{
	static const char *const names[] = {
		"choice", "birth", "cleanup group", "waitable",
		"list of pools", "pool", "worker", "leaf"
	};

	return names[rank];
}

static void
note_locking(const struct tp_mutex *mutex)
{
	const struct tp_mutex *last =
		held_count > 0 ? held[held_count - 1] : NULL;

	if (last != NULL && last->rank >= mutex->rank) {
		fprintf(stderr, "threadpool: internal error: %s lock taken "
			"under %s lock\n", rank_name(mutex->rank),
			rank_name(last->rank));
		abort();
	}
	assert(held_count < HELD_MAX);
}

static void
note_locked(const struct tp_mutex *mutex)
{
	held[held_count++] = mutex;
}

/* Not in reverse order of locking: see signal_and_unlock (wake.c). */
static void
note_unlocking(const struct tp_mutex *mutex)
{
	unsigned i = held_count;

	tp_assert_held(mutex);
	while (held[i - 1] != mutex)
		i--;
	for (; i < held_count; i++)
		held[i - 1] = held[i];
	held_count--;
}

/* Stops unless the calling thread holds the mutex. */
void
tp_assert_held(const struct tp_mutex *mutex)
{
	for (unsigned i = 0; i < held_count; i++)
		if (held[i] == mutex)
			return;
	fprintf(stderr, "threadpool: internal error: %s lock not held\n",
		rank_name(mutex->rank));
	abort();
}

/* Stops if the calling thread holds a lock: application code comes next. */
void
tp_assert_no_locks(void)
{
	if (held_count == 0)
		return;
	fprintf(stderr, "threadpool: internal error: %s lock held\n",
		rank_name(held[held_count - 1]->rank));
	abort();
}

#else

#define note_locking(mutex)	((void)0)
#define note_locked(mutex)	((void)0)
#define note_unlocking(mutex)	((void)0)

#endif /* TP_CHECK */

/* Makes a mutex whose place in the lock order is rank. */
void
tp_mutex_init(struct tp_mutex *mutex, enum tp_rank rank)
{
	must(pthread_mutex_init(&mutex->mutex, NULL), "pthread_mutex_init");
#if TP_CHECK
	mutex->rank = rank;
#else
	(void)rank;
#endif
}

/* Ends a mutex that nobody holds. */
void
tp_mutex_destroy(struct tp_mutex *mutex)
{
	must(pthread_mutex_destroy(&mutex->mutex), "pthread_mutex_destroy");
}

/* Takes the mutex; not recursive. */
void
tp_lock(struct tp_mutex *mutex)
{
	note_locking(mutex);
	must(pthread_mutex_lock(&mutex->mutex), "pthread_mutex_lock");
	note_locked(mutex);
}

/* Releases the mutex, which the calling thread holds. */
void
tp_unlock(struct tp_mutex *mutex)
{
	note_unlocking(mutex);
	must(pthread_mutex_unlock(&mutex->mutex), "pthread_mutex_unlock");
}

/* ---- Condition variables ---- */

static struct timespec
timespec_of(tp_time ticks)
{
	return (struct timespec){
		.tv_sec = (time_t)(ticks / TICKS_PER_SECOND),
		.tv_nsec = (long)(ticks % TICKS_PER_SECOND) * 100
	};
}

/* Makes a condition variable whose deadlines are of the clock of tp_now. */
void
tp_cond_init(struct tp_cond *cond)
{
#ifdef __APPLE__
	must(pthread_cond_init(&cond->cond, NULL), "pthread_cond_init");
#else
	pthread_condattr_t attributes;

	must(pthread_condattr_init(&attributes), "pthread_condattr_init");
	must(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC),
		"pthread_condattr_setclock");
	must(pthread_cond_init(&cond->cond, &attributes),
		"pthread_cond_init");
	must(pthread_condattr_destroy(&attributes),
		"pthread_condattr_destroy");
#endif
}

/* Ends a condition variable that nobody waits for. */
void
tp_cond_destroy(struct tp_cond *cond)
{
	must(pthread_cond_destroy(&cond->cond), "pthread_cond_destroy");
}

/* Releases the mutex and sleeps; may return for no reason: use a loop. */
void
tp_cond_wait(struct tp_cond *cond, struct tp_mutex *mutex)
{
	int before = tp_cancel_later();

	note_unlocking(mutex);
	must(pthread_cond_wait(&cond->cond, &mutex->mutex),
		"pthread_cond_wait");
	note_locked(mutex);
	tp_cancel_again(before);
}

/*
 * As tp_cond_wait, until deadline at the latest (TP_FOREVER: no limit).
 * Returns false when the deadline has passed.
 */
bool
tp_cond_wait_until(struct tp_cond *cond, struct tp_mutex *mutex,
	tp_time deadline)
{
	struct timespec when;
	int error, before;

	if (deadline == TP_FOREVER) {
		tp_cond_wait(cond, mutex);
		return true;
	}
	before = tp_cancel_later();
	note_unlocking(mutex);
#ifdef __APPLE__
	deadline -= tp_now();
	when = timespec_of(deadline > 0 ? deadline : 0);
	error = pthread_cond_timedwait_relative_np(&cond->cond,
		&mutex->mutex, &when);
#else
	when = timespec_of(deadline);
	error = pthread_cond_timedwait(&cond->cond, &mutex->mutex, &when);
#endif
	note_locked(mutex);
	tp_cancel_again(before);
	if (error == ETIMEDOUT)
		return false;
	must(error, "pthread_cond_timedwait");
	return true;
}

/*
 * Wakes the thread that sleeps on the condition variable, if one does. For
 * several there is tp_cond_broadcast: in glibc before 2.41 a signal may wake
 * none of them (its bug 25847).
 */
void
tp_cond_signal(struct tp_cond *cond)
{
	must(pthread_cond_signal(&cond->cond), "pthread_cond_signal");
}

/* Wakes all threads that sleep on the condition variable. */
void
tp_cond_broadcast(struct tp_cond *cond)
{
	must(pthread_cond_broadcast(&cond->cond), "pthread_cond_broadcast");
}

/* ---- Threads ---- */

/* See sync.h. */
void
tp_thread_name(const char *name)
{
#if defined(__linux__)
	(void)pthread_setname_np(pthread_self(), name);
#elif defined(__APPLE__)
	(void)pthread_setname_np(name);
#else
	(void)name;
#endif
}

/* See sync.h. */
void
tp_thread_wake_punctually(void)
{
#ifdef __linux__
	(void)prctl(PR_SET_TIMERSLACK, 1ul, 0ul, 0ul, 0ul);	/* ns */
#endif
}

/* See sync.h. */
bool
tp_thread_is_main(void)
{
#if defined(__linux__)
	return gettid() == getpid();
#elif defined(__APPLE__)
	return pthread_main_np() != 0;
#else
	return false;
#endif
}

/*
 * pthread_create with the signals blocked in the new thread. Not those that
 * a fault of the thread itself raises: to block them is undefined, and on
 * Linux keeps the program, and sanitizers, from handling the fault.
 */
static int
create_blocking_signals(const pthread_attr_t *attributes,
	void *(*body)(void *argument), void *argument)
{
	pthread_t thread;
	sigset_t blocked, before;
	int error;

	sigfillset(&blocked);
	sigdelset(&blocked, SIGBUS);
	sigdelset(&blocked, SIGFPE);
	sigdelset(&blocked, SIGILL);
	sigdelset(&blocked, SIGSEGV);
	must(pthread_sigmask(SIG_SETMASK, &blocked, &before),
		"pthread_sigmask");
	error = pthread_create(&thread, attributes, body, argument);
	must(pthread_sigmask(SIG_SETMASK, &before, NULL), "pthread_sigmask");
	return error;
}

/* See sync.h. */
uint32_t
tp_thread_start(void *(*body)(void *argument), void *argument, size_t stack)
{
	pthread_attr_t attributes;
	int error;

	must(pthread_attr_init(&attributes), "pthread_attr_init");
	must(pthread_attr_setdetachstate(&attributes,
		PTHREAD_CREATE_DETACHED), "pthread_attr_setdetachstate");
	if (stack > 0 && stack < (size_t)PTHREAD_STACK_MIN)
		stack = (size_t)PTHREAD_STACK_MIN;
	/*
	 * A system may want whole pages, and refuse other sizes: then its
	 * default stays in force. One that is too large is accepted here,
	 * and the thread is refused.
	 */
	if (stack > 0)
		(void)pthread_attr_setstacksize(&attributes, stack);
	error = create_blocking_signals(&attributes, body, argument);
	must(pthread_attr_destroy(&attributes), "pthread_attr_destroy");
	return error == 0 ? 0 : NOT_ENOUGH_MEMORY;
}

/* The size of a stack for which nobody has asked. */
size_t
tp_thread_stack(void)
{
	pthread_attr_t attributes;
	size_t stack;

	must(pthread_attr_init(&attributes), "pthread_attr_init");
	must(pthread_attr_getstacksize(&attributes, &stack),
		"pthread_attr_getstacksize");
	must(pthread_attr_destroy(&attributes), "pthread_attr_destroy");
	return stack;
}

size_t
tp_page_size(void)
{
	long size = sysconf(_SC_PAGESIZE);

	return size > 0 ? (size_t)size : 1;
}

/* Lets another thread run. */
void
tp_thread_yield(void)
{
	(void)sched_yield();
}

/* Sleeps for that many ticks, or a little longer; signals do not end it. */
void
tp_thread_sleep(tp_time ticks)
{
	struct timespec rest = timespec_of(ticks);

	while (nanosleep(&rest, &rest) != 0 && errno == EINTR)
		continue;
}

/* How many processors the system has; at least 1. */
unsigned
tp_processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n > 0 ? (unsigned)n : 1;
}

/* ---- Clocks ---- */

static tp_time
ticks_of(clockid_t clock)
{
	struct timespec now;

	must(clock_gettime(clock, &now), "clock_gettime");
	return (tp_time)now.tv_sec * TICKS_PER_SECOND + now.tv_nsec / 100;
}

/* Ticks since some start; never steps. */
tp_time
tp_now(void)
{
	return ticks_of(CLOCK_MONOTONIC);
}

/* Ticks since 1601-01-01 UTC; follows the system clock. */
tp_time
tp_wall(void)
{
	return UNIX_EPOCH + ticks_of(CLOCK_REALTIME);
}
