/* poller_poll.c - the poller over poll, for systems without epoll */
/* SPDX-License-Identifier: MIT */
/*
 * Before each sleep the dispatcher writes down which descriptors are armed,
 * and hands that table to the system. Whoever arms another one meanwhile
 * wakes it, so that it writes a new table. One who removes a watch crosses
 * it out, under the lock, and the dispatcher finds it crossed out.
 *
 * Both tables have a fixed size, for nothing may fail later: the price of
 * this back end is that it watches so many descriptors and no more.
 */
#ifdef __linux__
#define _GNU_SOURCE		/* ppoll */
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>

#include "poller.h"

#define WATCHES_MAX	4096
#define TICKS_PER_SECOND (1000 * TP_MS)
#define REST		(10 * TP_MS)

/* Guarded by tp_waitable_lock. */
static struct tp_list watches = TP_LIST_INIT(watches);
static unsigned count;			/* of them */
static struct tp_watch *sleeping[WATCHES_MAX];	/* NULL: crossed out */

/* Used by the dispatcher only. */
static struct pollfd table[WATCHES_MAX];
static unsigned length;			/* entries of the table */

/*
 * ppoll, where there is one. Never returns early unless a descriptor is
 * ready.
 */
static int
poll_ticks(struct pollfd *descriptors, unsigned number, tp_time ticks)
{
#ifdef __linux__
	struct timespec rest = {
		.tv_sec = (time_t)(ticks / TICKS_PER_SECOND),
		.tv_nsec = (long)(ticks % TICKS_PER_SECOND * 100)
	};

	return ppoll(descriptors, number, ticks == TP_FOREVER ? NULL : &rest,
		NULL);
#else
	tp_time ms = ticks / TP_MS + (ticks % TP_MS != 0);

	return poll(descriptors, number, ticks == TP_FOREVER ? -1 :
		ms > INT_MAX ? INT_MAX : (int)ms);
#endif
}

/*
 * poll, with a time-out in ticks; TP_FOREVER: none. Never returns early
 * unless a descriptor is ready, or the system refuses: it has no memory, or
 * the limit of descriptors has been lowered below their number. Whoever
 * would sleep then rests for a while, lest he ask again and again.
 */
int
tp_poll(struct pollfd *descriptors, unsigned number, tp_time ticks)
{
	int before = tp_cancel_later();
	int ready = poll_ticks(descriptors, number, ticks);

	if (ready < 0 && errno != EINTR && ticks > 0)
		tp_thread_sleep(ticks < REST ? ticks : REST);
	tp_cancel_again(before);
	return ready;
}

/* Is it a file that poll says is always ready, as epoll refuses to? */
static bool
always_ready(int descriptor)
{
	struct stat status;

	return fstat(descriptor, &status) == 0 &&
		(S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

static DWORD
add(struct tp_watch *watch)
{
	DWORD error = 0;

	if (fcntl(watch->descriptor, F_GETFD) < 0)
		return ERROR_INVALID_HANDLE;
	if (always_ready(watch->descriptor))
		return ERROR_NOT_SUPPORTED;
	tp_lock(&tp_waitable_lock);
	if (count < WATCHES_MAX) {
		count++;
		tp_list_append(&watches, &watch->link);
	} else {
		error = ERROR_NOT_ENOUGH_MEMORY;
	}
	tp_unlock(&tp_waitable_lock);
	return error;
}

static void
arm(struct tp_watch *watch, short events)
{
	if (watch->armed && watch->events == events)
		return;
	watch->armed = true;
	watch->events = events;
	tp_poller_wake_locked();
}

static void
remove_watch(struct tp_watch *watch)
{
	/* The system holds the file while the dispatcher sleeps on it. */
	if (sleeping[watch->slot] == watch) {
		sleeping[watch->slot] = NULL;
		tp_poller_wake_locked();
	}
	tp_list_remove(&watch->link);
	count--;
}

/* Writes down what is armed. */
static void
write_table_locked(void)
{
	length = 0;
	for (struct tp_list *node = watches.next; node != &watches;
	    node = node->next) {
		struct tp_watch *watch =
			tp_container(node, struct tp_watch, link);

		if (!watch->armed)
			continue;
		table[length] = (struct pollfd){
			.fd = watch->descriptor, .events = watch->events
		};
		sleeping[length] = watch;
		watch->slot = length++;
	}
}

static void
sleep_until_ready(tp_time ticks)
{
	write_table_locked();
	tp_unlock(&tp_waitable_lock);
	if (tp_poll(table, length, ticks) < 0)	/* one by one, then */
		for (unsigned i = 0; i < length; i++)
			(void)tp_poll(&table[i], 1, 0);
	tp_lock(&tp_waitable_lock);
}

static void
report(void)
{
	for (unsigned i = 0; i < length; i++) {
		struct tp_watch *watch = sleeping[i];

		if (watch == NULL || table[i].revents == 0)
			continue;
		watch->armed = false;
		watch->ready(watch);
	}
}

const struct tp_poller tp_poller_poll = {
	"poll", add, arm, remove_watch, sleep_until_ready, report
};
