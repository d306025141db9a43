/* wrap_io.c - waiting for descriptors */
/* SPDX-License-Identifier: MIT */
/*
 * Pipes, sockets and eventfds are real. Whether a thread could read,
 * write, or return from poll is asked of the kernel, with a time-out of 0,
 * each time a thread is to be chosen; so the real call, when its thread is
 * chosen, does not block. Time-outs are virtual. An epoll descriptor is
 * readable when epoll_wait has something to say. What cannot block is a
 * step as well, if another thread may see it: a poll that does not wait.
 *
 * What a thread did before it wrote, comes before what another does after
 * it has read, or has been told by poll that it may. Which descriptors are
 * two ends of one thing is not known, so all share one clock: some races
 * may be missed, none is made up.
 *
 * Signals are not explored: a wait is never interrupted, and the signal
 * masks of ppoll and epoll_pwait are not put into effect. Not seen at all:
 * select, timerfd's time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "descriptor.h"

int __real_poll(struct pollfd *, nfds_t, int);
int __wrap_poll(struct pollfd *, nfds_t, int);
int __real_ppoll(struct pollfd *, nfds_t, const struct timespec *,
	const sigset_t *);
int __wrap_ppoll(struct pollfd *, nfds_t, const struct timespec *,
	const sigset_t *);
int __real_epoll_wait(int, struct epoll_event *, int, int);
int __wrap_epoll_wait(int, struct epoll_event *, int, int);
int __real_epoll_pwait(int, struct epoll_event *, int, int,
	const sigset_t *);
int __wrap_epoll_pwait(int, struct epoll_event *, int, int,
	const sigset_t *);
int __real_epoll_pwait2(int, struct epoll_event *, int,
	const struct timespec *, const sigset_t *);
int __wrap_epoll_pwait2(int, struct epoll_event *, int,
	const struct timespec *, const sigset_t *);
long __real_syscall(long, ...);
void __tsan_acquire(void *);
void __tsan_release(void *);
#pragma weak __tsan_acquire
#pragma weak __tsan_release

static uint32_t past[XP_THREADS];	/* of everybody who has written */

/* ---- What a write comes before ---- */

/* ThreadSanitizer knows it of read and write, but not of poll. */
void
xp_io_release(void)
{
	xp_race_release(past);
	if (__tsan_release != NULL)
		__tsan_release(past);
}

void
xp_io_acquire(void)
{
	xp_race_acquire(past);
	if (__tsan_acquire != NULL)
		__tsan_acquire(past);
}

/* ---- Waiting until the kernel says so ---- */

struct stay {
	struct xp_op op;		/* first: is_ready is given it */
	struct pollfd *descriptors;
	nfds_t count;
};

/*
 * May be called by any thread, so it asks past the sanitizers, for which
 * that would be a use of the array by the calling thread. An error counts as
 * ready: the real call reports it.
 */
static bool
is_ready(struct xp_op *op)
{
	const struct stay *stay = (const struct stay *)op;
	struct timespec at_once = { .tv_sec = 0 };

	return __real_syscall(SYS_ppoll, stay->descriptors, stay->count,
		&at_once, NULL, 0) != 0;
}

static struct xp_object *
shadow(int descriptor)
{
	return xp_object(XP_DESCRIPTOR,
		(const void *)((intptr_t)descriptor + 1));
}

/* See descriptor.h. */
enum xp_outcome
xp_await(enum xp_kind kind, struct pollfd *descriptors, nfds_t count,
	xp_time timeout, uintptr_t data)
{
	struct stay stay = { .op = { .kind = kind, .data = data },
		.descriptors = descriptors, .count = count };

	if (count == 1 && descriptors->fd >= 0)
		stay.op.object = shadow(descriptors->fd);
	if (timeout != 0)
		stay.op.ready = is_ready;
	if (timeout != XP_FOREVER)
		stay.op.deadline = xp_now + timeout;
	return xp_step(&stay.op);
}

/* The milliseconds of poll: negative, for ever. */
static xp_time
in_ms(int timeout)
{
	return timeout < 0 ? XP_FOREVER : timeout * XP_MS;
}

/* NULL: for ever. Negative: it is no time. */
static xp_time
in_ns(const struct timespec *timeout)
{
	if (timeout == NULL)
		return XP_FOREVER;
	if (timeout->tv_sec < 0 || !xp_is_time(timeout))
		return -1;
	if (timeout->tv_sec > XP_FOREVER / XP_SECOND / 2)
		return XP_FOREVER;
	return timeout->tv_sec * XP_SECOND + timeout->tv_nsec;
}

/* ---- poll and epoll_wait ---- */

static int
explored_poll(struct pollfd *descriptors, nfds_t count, xp_time timeout)
{
	int n;

	if (timeout < 0)
		return xp_fail(EINVAL);
	(void)xp_await(XP_POLL, descriptors, count, timeout, 0);
	n = __real_poll(descriptors, count, 0);
	if (n > 0)
		xp_io_acquire();
	return n;
}

/* The kernel may have nothing after all, if other threads took it. */
static int
explored_epoll(int epoll, struct epoll_event *events, int max,
	xp_time timeout)
{
	xp_time start = xp_now;

	if (timeout < 0 || max <= 0)
		return xp_fail(EINVAL);
	for (;;) {
		struct pollfd one = { .fd = epoll, .events = POLLIN };
		xp_time left = timeout == XP_FOREVER ? XP_FOREVER :
			timeout - (xp_now - start);
		enum xp_outcome outcome = xp_await(XP_POLL, &one, 1,
			left > 0 ? left : 0, 0);
		int n = __real_epoll_wait(epoll, events, max, 0);

		if (n > 0)
			xp_io_acquire();
		if (n != 0 || outcome == XP_TIMED_OUT || left <= 0)
			return n;
	}
}

int
__wrap_poll(struct pollfd *descriptors, nfds_t count, int timeout)
{
	return xp_active() ?
		explored_poll(descriptors, count, in_ms(timeout)) :
		__real_poll(descriptors, count, timeout);
}

int
__wrap_ppoll(struct pollfd *descriptors, nfds_t count,
	const struct timespec *timeout, const sigset_t *mask)
{
	return xp_active() ?
		explored_poll(descriptors, count, in_ns(timeout)) :
		__real_ppoll(descriptors, count, timeout, mask);
}

int
__wrap_epoll_wait(int epoll, struct epoll_event *events, int max,
	int timeout)
{
	return xp_active() ?
		explored_epoll(epoll, events, max, in_ms(timeout)) :
		__real_epoll_wait(epoll, events, max, timeout);
}

int
__wrap_epoll_pwait(int epoll, struct epoll_event *events, int max,
	int timeout, const sigset_t *mask)
{
	return xp_active() ?
		explored_epoll(epoll, events, max, in_ms(timeout)) :
		__real_epoll_pwait(epoll, events, max, timeout, mask);
}

int
__wrap_epoll_pwait2(int epoll, struct epoll_event *events, int max,
	const struct timespec *timeout, const sigset_t *mask)
{
	return xp_active() ?
		explored_epoll(epoll, events, max, in_ns(timeout)) :
		__real_epoll_pwait2(epoll, events, max, timeout, mask);
}
