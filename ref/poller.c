/* poller.c - which poller there is, and how to interrupt it */
/* SPDX-License-Identifier: MIT */
/*
 * The poller is opened when the first descriptor is to be watched, and stays.
 * It watches a pipe of its own: a byte in it ends the dispatcher's sleep, for
 * a due time that is earlier than all others.
 *
 * Interface: tp_poller_open and the functions that the back ends share;
 * poller.h says what for.
 *
 * Locks: tp_waitable_lock; a lock of its own while the poller is opened.
 */
#ifdef __linux__
#define _GNU_SOURCE		/* pipe2 */
#endif
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "dispatch.h"
#include "poller.h"

static struct tp_mutex birth = TP_MUTEX_INIT(TP_RANK_BIRTH);

/* Read-only once it is open. */
static const struct tp_poller *poller;
static int alarm_pipe[2];

/* Guarded by tp_waitable_lock. */
static bool is_open;
static bool asleep;			/* the dispatcher, in the poller */
static bool alarmed;			/* there is a byte in the pipe */

/* Somebody has written to the pipe, in order to wake the dispatcher. */
static void
hear_alarm(struct tp_watch *watch)
{
	char byte;

	tp_assert_held(&tp_waitable_lock);
	if (read(alarm_pipe[0], &byte, 1) == 1)
		alarmed = false;
	poller->arm(watch, POLLIN);
}

static struct tp_watch alarm_watch = { .ready = hear_alarm };

/* The back end that TP_POLLER asks for, or the best one there is. */
static const struct tp_poller *
choose(void)
{
#ifdef __linux__
	const char *name = getenv("TP_POLLER");

	if (name == NULL || strcmp(name, tp_poller_poll.name) != 0)
		return &tp_poller_epoll;
#endif
	return &tp_poller_poll;
}

/*
 * A pipe that programs started by this one do not inherit; not even if
 * another thread starts one at this moment, where there is pipe2.
 */
static bool
open_pipe(void)
{
#ifdef __linux__
	return pipe2(alarm_pipe, O_CLOEXEC | O_NONBLOCK) == 0;
#else
	if (pipe(alarm_pipe) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		(void)fcntl(alarm_pipe[i], F_SETFD, FD_CLOEXEC);
		(void)fcntl(alarm_pipe[i], F_SETFL, O_NONBLOCK);
	}
	return true;
#endif
}

static DWORD
open_locked_by_birth(void)
{
	DWORD error;

	poller = choose();
	if (!open_pipe())
		return ERROR_TOO_MANY_OPEN_FILES;
	alarm_watch.descriptor = alarm_pipe[0];
	error = poller->add(&alarm_watch);
	if (error != 0) {
		close(alarm_pipe[0]);
		close(alarm_pipe[1]);
		return error;
	}
	tp_lock(&tp_waitable_lock);
	poller->arm(&alarm_watch, POLLIN);
	is_open = true;
	tp_dispatcher_wake_locked();	/* it sleeps in the poller now */
	tp_unlock(&tp_waitable_lock);
	return 0;
}

/*
 * Sees to it that the dispatcher waits for descriptors, too.
 *
 * Fails: ERROR_TOO_MANY_OPEN_FILES, ERROR_NOT_ENOUGH_MEMORY; the next call
 * tries again.
 * Locks: none held; waits for another thread that is opening it.
 */
DWORD
tp_poller_open(void)
{
	DWORD error = tp_dispatcher_start();
	bool opened;

	if (error != 0)
		return error;
	tp_lock(&birth);
	tp_lock(&tp_waitable_lock);
	opened = is_open;
	tp_unlock(&tp_waitable_lock);
	if (!opened)
		error = open_locked_by_birth();
	tp_unlock(&birth);
	return error;
}

bool
tp_poller_is_open_locked(void)
{
	tp_assert_held(&tp_waitable_lock);
	return is_open;
}

/*
 * Adds a watch, not armed yet, to the poller, which is open.
 *
 * Fails: ERROR_INVALID_HANDLE (no descriptor), ERROR_NOT_SUPPORTED (it is
 * one of a file that is always ready), ERROR_NOT_ENOUGH_MEMORY.
 */
DWORD
tp_poller_add(struct tp_watch *watch)
{
	return poller->add(watch);
}

/* Has it report once: when it is ready the next time, or at once. */
void
tp_poller_arm_locked(struct tp_watch *watch, short events)
{
	tp_assert_held(&tp_waitable_lock);
	poller->arm(watch, events);
}

/* Takes it out of the poller. It has been added. */
void
tp_poller_remove_locked(struct tp_watch *watch)
{
	tp_assert_held(&tp_waitable_lock);
	poller->remove(watch);
}

/*
 * Sleeps until a watch reports, the time has come, or somebody calls
 * tp_poller_wake_locked. Drops the lock meanwhile. For the dispatcher.
 *
 * until: ticks of tp_now; TP_FOREVER: no time-out.
 */
void
tp_poller_wait_locked(tp_time until)
{
	tp_time now = tp_now();

	tp_assert_held(&tp_waitable_lock);
	asleep = true;
	poller->sleep(until == TP_FOREVER ? TP_FOREVER :
		until > now ? until - now : 0);
	asleep = false;		/* what is armed from now on, it will see */
	poller->report();
}

/*
 * Ends the dispatcher's sleep in the poller, if it sleeps there. It holds
 * the lock from its last look at the due times until it is marked asleep,
 * and so whoever changes them either is seen or sees the mark.
 */
void
tp_poller_wake_locked(void)
{
	ssize_t written;
	int before;

	tp_assert_held(&tp_waitable_lock);
	if (!asleep || alarmed)
		return;
	before = tp_cancel_later();
	do
		written = write(alarm_pipe[1], "", 1);
	while (written < 0 && errno == EINTR);
	alarmed = written == 1;
	tp_cancel_again(before);
}
