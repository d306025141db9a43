/* misuse.c - reports of programs that use the API wrongly */
/* SPDX-License-Identifier: MIT */
/*
 * Interface: tp_misuse, tp_register, tp_check, tp_check_close,
 * tp_check_process, tp_check_fork; misuse.h says what for. In a build
 * without TP_CHECK this file is empty.
 *
 * The registry is a hash table of the open objects, chained through a node
 * inside each of them, so that registering allocates nothing, and a ring of
 * the addresses closed last. One lock, the last in the lock order, guards
 * both. A pointer is judged by its value alone.
 *
 * After fork the child has a copy of the pool and none of its threads:
 * nothing it submits could ever run. Whatever creates something looks at the
 * process first, and sets the handler that makes the child known.
 */
#include "misuse.h"

#if TP_CHECK

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync.h"

static const struct description {
	const char *code;	/* stable: programs and people look for it */
	const char *severity;	/* an "error" ends the program */
	const char *rule;
	const char *what;
	const char *instead;
} descriptions[] = {
	[TP_MISUSE_NOT_AN_OBJECT] = {
		"not-an-object", "error", "WORK-19",
		"this is no object of the pool",
		"pass what a Create function returned, while it is open"
	},
	[TP_MISUSE_CLOSED_OBJECT] = {
		"closed-object", "error", "WORK-19",
		"the object has been closed",
		"make every use of it happen before its one Close"
	},
	[TP_MISUSE_WRONG_KIND] = {
		"wrong-kind", "error", "WORK-19",
		"the object is of another kind",
		"use the functions of that kind"
	},
	[TP_MISUSE_SELF_WAIT] = {
		"self-wait", "error", "WORK-20",
		"a callback waits for its own object and so for itself",
		"wait elsewhere, or close the object, which does not wait"
	},
	[TP_MISUSE_CLOSED_POOL] = {
		"closed-pool", "error", "POOL-21",
		"the pool of this object has been closed",
		"close the pool when nothing more will be submitted"
	},
	[TP_MISUSE_WAIT_TARGET] = {
		"wait-target", "error", "WAIT-15",
		"the handle is closed, or that of a mutex",
		"watch an event, a semaphore, a thread, a timer, a descriptor"
	},
	[TP_MISUSE_AFTER_FORK] = {
		"after-fork", "error", "GROUP-28",
		"this process is a fork; its copy of the pool has no threads",
		"call exec, or use the pool in the child only"
	},
	[TP_MISUSE_THREAD_EXIT] = {
		"thread-exit", "error", "INST-30",
		"a callback, or who cancels it, ends the thread that runs it",
		"have the callback return: the thread is the pool's"
	},
	[TP_MISUSE_SECTION_UNINITIALISED] = {
		"section-uninitialised", "error", "KOBJ-17",
		"the critical section is not initialised",
		"call InitializeCriticalSection before, Delete after all use"
	},
	[TP_MISUSE_SECTION_NOT_OWNER] = {
		"section-not-owner", "error", "KOBJ-17",
		"this thread has not entered the critical section",
		"leave it on the thread that entered it, once per entry"
	},
	[TP_MISUSE_SECTION_IN_USE] = {
		"section-in-use", "error", "KOBJ-17",
		"a critical section is deleted while a thread is inside",
		"delete it when no thread can use it any more"
	},
	[TP_MISUSE_SLIM_LOCK_NOT_HELD] = {
		"slim-lock-not-held", "error", "Win32",
		"nobody holds the slim lock in this way",
		"release it once per acquisition, by the same kind of call"
	},
	[TP_MISUSE_GROUP_SELF_WAIT] = {
		"self-wait", "error", "GROUP-24",
		"a callback closes the members of its own cleanup group",
		"have a thread do it that runs no member's callback"
	},
	[TP_MISUSE_GROUP_IN_USE] = {
		"group-in-use", "error", "GROUP-26",
		"the cleanup group still has members",
		"call CloseThreadpoolCleanupGroupMembers before"
	},
	[TP_MISUSE_FOREIGN_INSTANCE] = {
		"foreign-instance", "error", "INST-13",
		"the calling thread does not run this callback",
		"use an instance in its own callback only, until it returns"
	},
	[TP_MISUSE_SECOND_ACTION] = {
		"second-action", "warning", "INST-07",
		"the callback has asked for an action of this kind already",
		"ask for one of each kind, and do the rest in the callback"
	},
	[TP_MISUSE_ACTION_FAILED] = {
		"action-failed", "warning", "INST-10",
		"the action at the end of a callback is impossible",
		"keep the handle open, own the mutex, respect the maximum"
	},
	[TP_MISUSE_MUTEX_KEPT] = {
		"mutex-kept", "error", "DIAG-08",
		"it has returned and owns a mutex",
		"release it, or call ReleaseMutexWhenCallbackReturns"
	},
	[TP_MISUSE_SECTION_KEPT] = {
		"section-kept", "error", "DIAG-08",
		"it has returned inside a critical section",
		"leave it, or call LeaveCriticalSectionWhenCallbackReturns"
	},
	[TP_MISUSE_SIGNALS_CHANGED] = {
		"signals-changed", "error", "DIAG-07",
		"it has changed which signals are blocked",
		"restore the thread's signal mask before returning"
	},
	[TP_MISUSE_CANCEL_CHANGED] = {
		"cancel-changed", "error", "DIAG-07",
		"it has changed the cancellation state",
		"restore it with pthread_setcancelstate before returning"
	},
	/* Whoever runs the system may do these two things, too: no errors. */
	[TP_MISUSE_PRIORITY_CHANGED] = {
		"priority-changed", "warning", "DIAG-06",
		"it has changed the thread's priority",
		"restore it, or use a pool of its own, or a thread"
	},
	[TP_MISUSE_AFFINITY_CHANGED] = {
		"affinity-changed", "warning", "DIAG-06",
		"it has changed on which processors the thread may run",
		"restore them, or use a pool of its own, or a thread"
	},
	[TP_MISUSE_SLIM_LOCK_KEPT] = {
		"slim-lock-kept", "error", "DIAG-08",
		"it has returned and holds a slim lock",
		"release it in the callback that has acquired it"
	},
	[TP_MISUSE_SLOT_IN_USE] = {
		"slot-in-use", "error", "DIAG-10",
		"a callback that still runs has set this thread-local slot",
		"wait for the callback, or have it set the slot to NULL"
	},
	[TP_MISUSE_HANDLE_IN_USE] = {
		"handle-in-use", "warning", "DIAG-11",
		"a wait object or a registered wait still waits for it",
		"let that end, or call SetThreadpoolWait(NULL), UnregisterWait"
	},
	[TP_MISUSE_FILE_IN_USE] = {
		"handle-in-use", "warning", "DIAG-11",
		"callbacks are to come of requests that are cancelled now",
		"call CancelIoEx before, or close it when they have ended"
	},
	[TP_MISUSE_LIBRARY_IN_USE] = {
		"library-in-use", "error", "DIAG-12",
		"the library goes, and this callback of it is queued or runs",
		"wait for it before, or use SetThreadpoolCallbackLibrary"
	},
	[TP_MISUSE_IO_NOT_ANNOUNCED] = {
		"io-not-announced", "error", "IO-10",
		"no announcement is open: each has its request or callback",
		"cancel only what has failed at once, or skips its callback"
	},
	[TP_MISUSE_ONE_THREAD] = {
		"one-thread", "error", "LEGACY-45",
		"a callback waits for others that need its own thread",
		"pass an event or NULL instead of INVALID_HANDLE_VALUE"
	},
};

#define BUCKETS		(1u << 16)
#define CLOSED_MAX	256

static struct tp_mutex registry_lock = TP_MUTEX_INIT(TP_RANK_LEAF);

/* Guarded by registry_lock. */
static struct tp_registered *buckets[BUCKETS];
static const void *closed[CLOSED_MAX];	/* a ring: the last ones closed */
static unsigned closed_next;

static pthread_once_t watch_once = PTHREAD_ONCE_INIT;
static bool forked;		/* Written in a child that has one thread. */

void
tp_misuse(enum tp_misuse misuse, const char *call, const void *address)
{
	const struct description *d = &descriptions[misuse];
	char line[512];
	int length;

	/* One write: lines of several threads must not mix. */
	length = snprintf(line, sizeof(line),
		"threadpool: %s %s: %s(%p): %s [%s]; %s\n", d->severity,
		d->code, call, address, d->what, d->rule, d->instead);
	fwrite(line, 1, (size_t)length, stderr);
	fflush(stderr);
	if (strcmp(d->severity, "error") != 0)
		return;
	tp_crash_explained();
	abort();
}

static struct tp_registered **
bucket_of(const void *address)
{
	uint64_t hash = (uintptr_t)address * UINT64_C(0x9E3779B97F4A7C15);

	return &buckets[hash >> 48 & (BUCKETS - 1)];
}

static void
note_fork(void)
{
	forked = true;
}

static void
watch_forks(void)
{
	(void)pthread_atfork(NULL, NULL, note_fork);
}

void
tp_check_process(const char *call)
{
	if (forked)
		tp_misuse(TP_MISUSE_AFTER_FORK, call, NULL);
	(void)pthread_once(&watch_once, watch_forks);
}

void
tp_check_fork(const char *call, const void *address)
{
	if (forked)
		tp_misuse(TP_MISUSE_AFTER_FORK, call, address);
}

void
tp_register(struct tp_registered *entry, const void *address,
	const char *kind)
{
	struct tp_registered **bucket = bucket_of(address);

	entry->address = address;
	entry->kind = kind;
	tp_lock(&registry_lock);
	entry->next = *bucket;
	*bucket = entry;
	tp_unlock(&registry_lock);
}

/* Where the entry of an open object is linked; *result is NULL if none. */
static struct tp_registered **
find_locked(const void *address)
{
	struct tp_registered **link = bucket_of(address);

	tp_assert_held(&registry_lock);
	while (*link != NULL && (*link)->address != address)
		link = &(*link)->next;
	return link;
}

/* The entry's object is a closed one from now on. */
static void
close_locked(struct tp_registered **link)
{
	tp_assert_held(&registry_lock);
	closed[closed_next] = (*link)->address;
	closed_next = (closed_next + 1) % CLOSED_MAX;
	*link = (*link)->next;
}

static bool
was_closed_locked(const void *address)
{
	tp_assert_held(&registry_lock);
	for (unsigned i = 0; i < CLOSED_MAX; i++)
		if (address != NULL && closed[i] == address)
			return true;
	return false;
}

/*
 * Judges an address, and closes it if it is good and closing. In one step:
 * of two threads that close one object at once, one is reported.
 */
static void
check(const void *address, const char *kind, const char *call, bool closing)
{
	struct tp_registered **link;
	const char *found;
	bool was_closed;

	tp_check_fork(call, address);
	tp_lock(&registry_lock);
	link = find_locked(address);
	found = *link != NULL ? (*link)->kind : NULL;
	was_closed = found == NULL && was_closed_locked(address);
	if (closing && found != NULL && strcmp(found, kind) == 0)
		close_locked(link);
	tp_unlock(&registry_lock);
	if (was_closed)
		tp_misuse(TP_MISUSE_CLOSED_OBJECT, call, address);
	else if (found == NULL)
		tp_misuse(TP_MISUSE_NOT_AN_OBJECT, call, address);
	else if (strcmp(found, kind) != 0)
		tp_misuse(TP_MISUSE_WRONG_KIND, call, address);
}

void
tp_check(const void *address, const char *kind, const char *call)
{
	check(address, kind, call, false);
}

void
tp_check_close(const void *address, const char *kind, const char *call)
{
	check(address, kind, call, true);
}

#else

/* ISO C wants a translation unit to declare something. */
typedef int tp_misuse_is_not_built;

#endif /* TP_CHECK */
