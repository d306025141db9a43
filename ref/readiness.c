/* readiness.c - handles that are signalled while a descriptor is ready */
/* SPDX-License-Identifier: MIT */
/*
 * Nobody signals this object: the system knows whether it is signalled, and
 * is asked each time. When the answer is no, the poller is asked to tell
 * when it becomes yes; and so, wherever somebody goes on waiting because a
 * descriptor was not ready, its watch is armed.
 *
 * It reports once for that. A descriptor that stays ready, although nobody
 * can be satisfied (a wait for all of several objects misses another one), is
 * not reported again; who looks at it later asks the system anew.
 *
 * Interface: tp_open_readiness.
 *
 * Locks: tp_waitable_lock. Asking the system does not block.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "poller.h"
#include "readiness.h"
#include "waitable.h"

#define EVENTS	(POLLIN | POLLOUT | POLLPRI)

struct readiness {
	struct tp_waitable waitable;

	/* Read-only after init. */
	short events;			/* what to look for */
	bool watched;			/* not a file that is always ready */

	struct tp_watch watch;
};

static bool
readiness_signalled(const struct tp_waitable *object,
	const struct tp_self *self)
{
	/* Arming changes no state of the object: it is its own way to ask. */
	struct readiness *readiness = (struct readiness *)(uintptr_t)object;
	struct pollfd look = {
		.fd = readiness->watch.descriptor,
		.events = readiness->events
	};

	(void)self;
	if (!readiness->watched || tp_poll(&look, 1, 0) > 0)
		return true;
	tp_poller_arm_locked(&readiness->watch, readiness->events);
	return false;
}

static bool
readiness_consume(struct tp_waitable *object, struct tp_self *self)
{
	(void)object;
	(void)self;
	return false;
}

static void
readiness_retire(struct tp_waitable *object)
{
	struct readiness *readiness = (struct readiness *)object;

	if (readiness->watched)
		tp_poller_remove_locked(&readiness->watch);
}

static void
readiness_end(struct tp_waitable *object)
{
	close(((struct readiness *)object)->watch.descriptor);
}

static const struct tp_waitable_kind readiness_kind = {
	.name = "readiness", .signalled = readiness_signalled,
	.consume = readiness_consume, .retire = readiness_retire,
	.end = readiness_end
};

/* See struct tp_watch. */
static void
ready(struct tp_watch *watch)
{
	struct readiness *readiness =
		tp_container(watch, struct readiness, watch);

	tp_waitable_signalled_locked(&readiness->waitable);
}

/* A duplicate for the object; 0 or an error code. */
static DWORD
duplicate(int descriptor, int *copy)
{
	*copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
	if (*copy >= 0)
		return 0;
	return errno == EBADF ? ERROR_INVALID_HANDLE :
		ERROR_TOO_MANY_OPEN_FILES;
}

/* Adds the object's watch to the poller; 0 or an error code. */
static DWORD
watch(struct readiness *readiness, int copy, short events)
{
	DWORD error;

	readiness->watch.descriptor = copy;
	readiness->events = events;
	readiness->watch.ready = ready;
	tp_list_init(&readiness->watch.link);
	error = tp_poller_add(&readiness->watch);
	readiness->watched = error == 0;
	return error == ERROR_NOT_SUPPORTED ? 0 : error;
}

/* See readiness.h. */
HANDLE
tp_open_readiness(int descriptor, short events)
{
	struct readiness *readiness;
	DWORD error;
	int copy = -1;

	tp_check_process("tp_open_readiness");
	error = (events & EVENTS) == 0 || (events & ~EVENTS) != 0 ?
		ERROR_INVALID_PARAMETER : duplicate(descriptor, &copy);
	if (error == 0)
		error = tp_poller_open();
	if (error != 0)
		goto fail;
	readiness = tp_waitable_new(sizeof(*readiness), &readiness_kind,
		NULL, NULL, NULL);
	if (readiness == NULL) {
		error = ERROR_NOT_ENOUGH_MEMORY;
		goto fail;
	}
	error = watch(readiness, copy, events);
	if (error == 0)
		return tp_waitable_publish(&readiness->waitable);
	free(readiness);
fail:
	if (copy >= 0)
		close(copy);
	SetLastError(error);
	return NULL;
}
