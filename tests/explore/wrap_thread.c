/* wrap_thread.c - threads: made, joined, named, ended */
/* SPDX-License-Identifier: MIT */
/*
 * A new thread waits for its turn before it runs anything of the program.
 * It ends, for the explorer, after everything that runs on it: its body, its
 * cleanup handlers, the destructors of its keys. For that the explorer has a
 * key of its own, whose destructor renews it until the last round of
 * destructors that POSIX promises, and then gives the token away.
 *
 * Calls that cannot be explored (fork, pthread_cancel) end the execution and
 * say so, rather than mislead.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inner.h"

#define PROCESSORS 2		/* that an explored program sees */

int __real_pthread_create(pthread_t *, const pthread_attr_t *,
	void *(*)(void *), void *);
int __wrap_pthread_create(pthread_t *, const pthread_attr_t *,
	void *(*)(void *), void *);
int __real_pthread_join(pthread_t, void **);
int __wrap_pthread_join(pthread_t, void **);
int __real_pthread_detach(pthread_t);
int __wrap_pthread_detach(pthread_t);
int __real_pthread_setname_np(pthread_t, const char *);
int __wrap_pthread_setname_np(pthread_t, const char *);
int __real_pthread_cancel(pthread_t);
int __wrap_pthread_cancel(pthread_t);
int __real_sched_yield(void);
int __wrap_sched_yield(void);
pid_t __real_fork(void);
pid_t __wrap_fork(void);
int __real_kill(pid_t, int);
int __wrap_kill(pid_t, int);
long __real_sysconf(int);
long __wrap_sysconf(int);
_Noreturn void __wrap_exit(int status);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);
_Noreturn void __real_abort(void);
_Noreturn void __wrap_abort(void);
_Noreturn void __real___assert_fail(const char *, const char *, unsigned,
	const char *);
_Noreturn void __wrap___assert_fail(const char *, const char *, unsigned,
	const char *);

/* ---- The end of a thread ---- */

static pthread_key_t key;
static _Thread_local unsigned rounds;

static void
round_of_destructors(void *thread)
{
	if (xp_self == NULL)
		return;
	if (++rounds < PTHREAD_DESTRUCTOR_ITERATIONS)
		pthread_setspecific(key, thread);
	else
		xp_thread_end();
}

/* See explore.h. */
void
explore_refuse(const char *text)
{
	if (xp_active())
		xp_verdict(XP_TROUBLE, "%s", text);
}

/* See inner.h. The first call makes the key. */
void
xp_thread_watch_end(void)
{
	static bool made;

	if (!made && pthread_key_create(&key, round_of_destructors) != 0)
		xp_verdict(XP_TROUBLE, "no key for the ends of threads");
	made = true;
	pthread_setspecific(key, xp_self);
}

int
xp_stack_of(pthread_t thread, pthread_attr_t *attributes)
{
	return pthread_getattr_np(thread, attributes);
}

/* ---- Making and joining ---- */

static void *
explored_body(void *argument)
{
	struct xp_thread *thread = argument;

	xp_thread_run(thread);
	xp_thread_watch_end();
	thread->result = thread->body(thread->argument);
	return thread->result;
}

static bool
is_detached(const pthread_attr_t *attributes)
{
	int state = PTHREAD_CREATE_JOINABLE;

	if (attributes != NULL)
		pthread_attr_getdetachstate(attributes, &state);
	return state == PTHREAD_CREATE_DETACHED;
}

int
__wrap_pthread_create(pthread_t *handle, const pthread_attr_t *attributes,
	void *(*body)(void *), void *argument)
{
	struct xp_op op = { .kind = XP_CREATE };
	struct xp_thread *thread;
	int error;

	if (!xp_active())
		return __real_pthread_create(handle, attributes, body,
			argument);
	(void)xp_step(&op);
	if (xp_fault(EXPLORE_THREAD))
		return EAGAIN;
	thread = xp_thread_new();
	thread->body = body;
	thread->argument = argument;
	thread->detached = is_detached(attributes);
	xp_race_created(xp_self, thread);
	error = __real_pthread_create(handle, attributes, explored_body,
		thread);
	if (error != 0) {
		thread->ended = true;
		thread->op = NULL;
		return error;
	}
	thread->handle = *handle;
	op.event->data = thread->number;
	return 0;
}

/* The thread of that handle: the last one, since handles are used again. */
static struct xp_thread *
thread_of(pthread_t handle)
{
	for (unsigned i = xp_thread_count; i-- > 0; )
		if (!xp_threads[i].joined && (!xp_threads[i].detached ||
		    !xp_threads[i].ended) &&
		    pthread_equal(xp_threads[i].handle, handle))
			return &xp_threads[i];
	return NULL;
}

static bool
has_ended(struct xp_op *op)
{
	return xp_threads[op->data].ended;
}

int
__wrap_pthread_join(pthread_t handle, void **result)
{
	struct xp_op op = { .kind = XP_JOIN, .ready = has_ended };
	struct xp_thread *thread;

	if (!xp_active())
		return __real_pthread_join(handle, result);
	thread = thread_of(handle);
	if (thread == NULL)
		xp_verdict(XP_MISUSE, "pthread_join is given a thread that "
			"has been joined already, or has ended detached");
	if (thread->detached)
		xp_verdict(XP_MISUSE, "pthread_join is given a detached "
			"thread");
	if (thread == xp_self)
		return EDEADLK;
	op.data = thread->number;
	(void)xp_step(&op);
	thread->joined = true;
	xp_race_joined(xp_self, thread);
	return __real_pthread_join(handle, result);
}

int
__wrap_pthread_detach(pthread_t handle)
{
	if (xp_active()) {
		struct xp_thread *thread = thread_of(handle);

		if (thread == NULL || thread->detached)
			xp_verdict(XP_MISUSE, "pthread_detach is given a "
				"thread that is detached or joined already");
		thread->detached = true;
	}
	return __real_pthread_detach(handle);
}

/* ---- Smaller calls ---- */

int
__wrap_pthread_setname_np(pthread_t handle, const char *name)
{
	if (xp_active()) {
		struct xp_thread *thread = thread_of(handle);

		if (thread != NULL)
			snprintf(thread->name, sizeof(thread->name), "%s",
				name);
	}
	return __real_pthread_setname_np(handle, name);
}

/* See explore.h. */
unsigned
explore_count_threads(const char *prefix)
{
	unsigned n = 0;

	for (unsigned i = 0; i < xp_thread_count; i++)
		if (!xp_threads[i].ended && strncmp(xp_threads[i].name,
		    prefix, strlen(prefix)) == 0)
			n++;
	return n;
}

int
__wrap_sched_yield(void)
{
	if (!xp_active())
		return __real_sched_yield();
	xp_simple_step(XP_YIELD, NULL, 0);
	return 0;
}

/* A program must not depend on the machine it is explored on. */
long
__wrap_sysconf(int name)
{
	if (xp_active() && (name == _SC_NPROCESSORS_ONLN ||
	    name == _SC_NPROCESSORS_CONF))
		return PROCESSORS;
	return __real_sysconf(name);
}

int
__wrap_pthread_cancel(pthread_t handle)
{
	if (xp_active())
		xp_verdict(XP_TROUBLE, "pthread_cancel cannot be explored");
	return __real_pthread_cancel(handle);
}

pid_t
__wrap_fork(void)
{
	if (xp_active())
		xp_verdict(XP_TROUBLE, "fork cannot be explored");
	return __real_fork();
}

/* Not to the driver, nor to the other executions. */
int
__wrap_kill(pid_t process, int number)
{
	if (xp_active() && process != getpid())
		xp_verdict(XP_MISUSE, "a signal was sent to another process");
	return __real_kill(process, number);
}

/* ---- The program ends itself ---- */

void
__wrap_exit(int status)
{
	if (xp_active())
		xp_end(status);
	__real_exit(status);
}

void
__wrap__exit(int status)
{
	if (xp_active())
		xp_end_now(status);
	__real__exit(status);
}

void
__wrap_abort(void)
{
	if (xp_active())
		xp_verdict(XP_CRASH, "abort() was called");
	__real_abort();
}

void
__wrap___assert_fail(const char *expression, const char *file,
	unsigned line, const char *function)
{
	if (xp_active())
		xp_verdict(XP_ASSERTION, "the assertion failed: %s",
			expression);
	__real___assert_fail(expression, file, line, function);
}

/* See explore.h. */
void
explore_fail_with(const char *text)
{
	if (xp_active())
		xp_verdict(XP_ASSERTION, "%s", text);
}

/* See explore.h. */
bool
explore_running(void)
{
	return xp_active();
}

bool
explore_is_slow(void)
{
	return xp_active() && xp_plan->slow;
}

void
explore_await_still(void)
{
	if (xp_active())
		xp_simple_step(XP_STILL, NULL, 0);
}
