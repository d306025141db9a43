/* poller_epoll.c - the poller over epoll */
/* SPDX-License-Identifier: MIT */
/*
 * The system keeps the table: arming is one call, whoever makes it, and does
 * not disturb the dispatcher's sleep. Each descriptor is in the table from
 * the start, disarmed, since adding it needs memory and arming must not.
 *
 * The dispatcher sleeps until the epoll descriptor itself is ready, without
 * the lock, and asks what is ready only when it holds the lock again. What
 * the system says is therefore still true when it is acted upon: no watch
 * has been removed in between.
 */
#ifdef __linux__

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "poller.h"

#define BATCH 64

static int epoll = -1;		/* Read-only once there is one. */

/* The system's constants for both interfaces are the same numbers. */
_Static_assert(EPOLLIN == POLLIN && EPOLLOUT == POLLOUT &&
	EPOLLPRI == POLLPRI, "epoll and poll name events alike");

static int
control(int operation, struct tp_watch *watch, uint32_t events)
{
	struct epoll_event event = {
		.events = events | EPOLLONESHOT, .data.ptr = watch
	};

	return epoll_ctl(epoll, operation, watch->descriptor, &event);
}

/*
 * A child of fork shares the table with this process, and what it does to
 * it is done to both: its entries would lead the dispatcher here to memory
 * that is the child's. So the child lets go of it.
 */
static void
leave_to_parent(void)
{
	close(epoll);
	epoll = -1;
}

/* One thread at a time gets here. 0 or an error code. */
static DWORD
open_table(void)
{
	epoll = epoll_create1(EPOLL_CLOEXEC);
	if (epoll < 0)
		return ERROR_TOO_MANY_OPEN_FILES;
	if (pthread_atfork(NULL, NULL, leave_to_parent) == 0)
		return 0;
	close(epoll);
	epoll = -1;
	return ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD
add(struct tp_watch *watch)
{
	DWORD error = epoll < 0 ? open_table() : 0;

	if (error != 0)
		return error;
	/* Even with no events it would report an error, once, if armed. */
	if (control(EPOLL_CTL_ADD, watch, 0) == 0)
		return 0;
	switch (errno) {
	case EBADF:
		return ERROR_INVALID_HANDLE;
	case EPERM:
		return ERROR_NOT_SUPPORTED;
	default:
		return ERROR_NOT_ENOUGH_MEMORY;
	}
}

static void
arm(struct tp_watch *watch, short events)
{
	watch->armed = true;
	watch->events = events;
	(void)control(EPOLL_CTL_MOD, watch, (uint32_t)events);
}

static void
remove_watch(struct tp_watch *watch)
{
	watch->armed = false;
	(void)epoll_ctl(epoll, EPOLL_CTL_DEL, watch->descriptor, NULL);
}

static void
sleep_until_ready(tp_time ticks)
{
	struct pollfd descriptor = { .fd = epoll, .events = POLLIN };

	tp_unlock(&tp_waitable_lock);
	(void)tp_poll(&descriptor, 1, ticks);
	tp_lock(&tp_waitable_lock);
}

static void
report(void)
{
	struct epoll_event events[BATCH];
	int count = epoll_wait(epoll, events, BATCH, 0);

	for (int i = 0; i < count; i++) {
		struct tp_watch *watch = events[i].data.ptr;

		if (!watch->armed)
			continue;
		watch->armed = false;
		watch->ready(watch);
	}
}

const struct tp_poller tp_poller_epoll = {
	"epoll", add, arm, remove_watch, sleep_until_ready, report
};

#else

typedef int poller_epoll_is_empty;

#endif /* __linux__ */
