/* waitable.h - what kernel objects are made of */
/* SPDX-License-Identifier: MIT */
/*
 * The contract between the kinds of kernel objects (event.c, mutex.c,
 * semaphore.c, waitable_timer.c, thread.c), the handles that name them
 * (handle.c), their life (waitable.c) and those who wait for them
 * (multiwait.c).
 *
 * A kind embeds a tp_waitable, as its first member, and fills in a table of
 * functions. Whatever waits for an object links a wait block (trigger.h) into
 * it. When the object becomes signalled, its blocks are asked, first come
 * first served, to take what they wait for: a blocked thread's block wakes
 * the thread, a target's has a callback posted. Nothing polls, and no thread
 * waits on behalf of another.
 *
 * One lock, tp_waitable_lock, guards the states of all kernel objects, all
 * blocks and all handles. A wait for all of several objects must see and
 * change them in one step; with a lock for each object it would have to
 * take up to 64 of them in some order. The price, one lock for the process,
 * is paid for a few dozen instructions at a time: nothing is allocated,
 * freed or called back under it.
 */
#ifndef WAITABLE_H
#define WAITABLE_H

#include "engine.h"
#include "list.h"

struct tp_label;
struct tp_self;

/* What a kind of kernel object is. All but end are called under the lock. */
struct tp_waitable_kind {
	const char *name;	/* "event": for reports */
	bool owned;		/* whoever waits for it comes to own it */

	/* Would a wait of that thread (NULL: of any other) end now? */
	bool (*signalled)(const struct tp_waitable *object,
		const struct tp_self *self);

	/* A wait has ended: takes what it takes. True: it was abandoned. */
	bool (*consume)(struct tp_waitable *object, struct tp_self *self);

	/*
	 * For SignalObjectAndWait: signals once; 0 or an error code.
	 * NULL: this kind cannot be signalled by a program.
	 */
	DWORD (*signal)(struct tp_waitable *object);

	/*
	 * For reports: would the end of its last handle cut something short
	 * that somebody wants to be told of? May be NULL.
	 */
	bool (*wanted)(const struct tp_waitable *object);

	/* Its last handle has been closed. May be NULL. */
	void (*closed)(struct tp_waitable *object);

	/* The object is about to be freed: leaves all lists. May be NULL. */
	void (*retire)(struct tp_waitable *object);

	/* It is being freed; no lock is held. May be NULL. */
	void (*end)(struct tp_waitable *object);
};

/* A kernel object. */
struct tp_waitable {
	/* Read-only after init. */
	const struct tp_waitable_kind *kind;
	char *name;			/* UTF-8; NULL: none; owned */

	/* Guarded by tp_waitable_lock. */
	unsigned handles;		/* how many name it */
	unsigned uses;			/* by waits, threads, its creator */
	struct tp_list blocks;		/* of those who wait, oldest first */
	struct tp_list named;		/* among the objects with names */
	struct tp_later later;		/* frees it */

	/* Guarded by the lock in trace.c. */
	unsigned number;		/* 2 of "event 2"; 0: none yet */
};

/* What the kernel objects know of a thread: lives as long as it does. */
struct tp_self {
	struct tp_list mutexes;		/* owned; tp_waitable_lock */
	struct thread *thread;		/* its object, or NULL; own thread */
	bool watched;			/* its end will be seen; own thread */
};

/* ---- waitable.c: the life of an object ---- */

void *tp_waitable_new(size_t size, const struct tp_waitable_kind *kind,
	const SECURITY_ATTRIBUTES *attributes, LPCSTR name, LPCWSTR wide);
HANDLE tp_waitable_publish(struct tp_waitable *object);
char *tp_copy_name(LPCSTR name, LPCWSTR wide);
void tp_waitable_init(struct tp_waitable *object,
	const struct tp_waitable_kind *kind);
void tp_waitable_use_locked(struct tp_waitable *object);
void tp_waitable_unuse_locked(struct tp_waitable *object);
void tp_waitable_let_go_locked(struct tp_waitable *object);

/* ---- handle.c: names for objects ---- */

bool tp_handle_room_locked(void);
HANDLE tp_handle_new_locked(struct tp_waitable *object);
struct tp_waitable *tp_handle_find_locked(HANDLE handle);
struct tp_waitable *tp_handle_look(HANDLE handle);
void *tp_handle_to_locked(HANDLE handle,
	const struct tp_waitable_kind *kind);

/* ---- multiwait.c: waiting ---- */

void tp_waitable_signalled_locked(struct tp_waitable *object);

/* A thread that sleeps until kernel objects are signalled, for the dump. */
struct tp_sleeper {
	/* Guarded by tp_waitable_lock. */
	struct tp_list link;		/* in tp_sleepers */
	struct tp_label *label;		/* of the thread */
	const struct tp_wait_block *blocks;
	unsigned count;			/* of the blocks */
	bool all;			/* it waits for all of them */
	tp_time deadline;		/* of tp_now, or TP_FOREVER */
};

extern struct tp_list tp_sleepers;

/* ---- event.c: the events of requests ---- */

struct tp_waitable *tp_event_of_locked(HANDLE handle);
void tp_event_set_locked(struct tp_waitable *event, bool set);

/* ---- mutex.c, thread.c: threads as owners and as objects ---- */

struct tp_self *tp_self(void);
struct tp_self *tp_self_known(void);
struct tp_waitable *tp_self_use_thread(void);
void tp_mutex_abandon_all_locked(struct tp_self *self);

#endif /* WAITABLE_H */
