/* misuse.c - reports of programs that use the API wrongly */
/* SPDX-License-Identifier: MIT */
/*
 * Interface: tp_misuse, tp_register, tp_check, tp_check_close,
 * tp_check_process; misuse.h says what for. In a build without TP_CHECK
 * this file is empty.
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
		"watch an event, a semaphore, a thread or a timer"
	},
	[TP_MISUSE_AFTER_FORK] = {
		"after-fork", "error", "GROUP-28",
		"this process is a fork; its copy of the pool has no threads",
		"call exec, or use the pool in the child only"
	},
	[TP_MISUSE_THREAD_EXIT] = {
		"thread-exit", "error", "INST-30",
		"a callback ends the thread that runs it",
		"return from the callback: the thread is the pool's"
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
	if (strcmp(d->severity, "error") == 0)
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

	if (forked)
		tp_misuse(TP_MISUSE_AFTER_FORK, call, address);
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
