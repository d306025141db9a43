/* show.h - how the dump says things: private to the engine */
/* SPDX-License-Identifier: MIT */
/*
 * What dump.c, show.c, show_pool.c, show_object.c, show_wait.c, show_due.c and
 * dump_command.c share: what is to be shown, how much of it, and where the
 * text goes.
 *
 * An address comes from a person, and may be anything. So it is never
 * followed: everything that is known is walked through, and what is at that
 * address is shown.
 *
 * Locks: whoever shows pools or objects holds, unless everything stands
 * still, the list's lock and the pool's; for due times, kernel objects and
 * those who wait for them tp_waitable_lock as well.
 */
#ifndef SHOW_H
#define SHOW_H

#include <stdio.h>

#include "pool.h"
#include "waitable.h"

#define TP_SHOW_MAX	100000		/* members that no real list has */

/* How much of a thing: a sum of these. */
enum {
	TP_SHOW_LINE = 1,		/* one line */
	TP_SHOW_MEMBERS = 2,		/* its members, a line each */
	TP_SHOW_QUEUE = 4		/* of a pool: what is queued */
};

struct tp_show {
	/* What. */
	bool stopped;			/* take no lock */
	bool here;			/* what the current thread does */
	bool addresses;			/* are among the members */
	unsigned flags;			/* how much */
	uintptr_t address;		/* of what; 0: of everything */

	/* The moment, by the steady clock and by the system's. */
	tp_time now, wall;

	/* What has come of it. */
	bool known;			/* something has that address */
	unsigned shown;			/* things */
	void *walk;			/* of whoever walks through pools */

	/* Where to. */
	FILE *stream;			/* NULL: into memory */
	char *text;			/* size bytes, */
	size_t size;
	size_t skip;			/* without the first so many */
	size_t said;			/* bytes, these included */
};

/* show.c */
void tp_say(struct tp_show *show, const char *format, ...);
void tp_say_name(struct tp_show *show, unsigned depth, const char *name);
void tp_say_time(struct tp_show *show, tp_time when, bool absolute);
void tp_show_name(const struct tp_show *show, char name[TP_NAME_SIZE],
	const char *kind, unsigned *number);
void tp_show_label(const struct tp_show *show, char name[TP_NAME_SIZE],
	struct tp_label *label);
void tp_show_object_name(const struct tp_show *show,
	char name[TP_NAME_SIZE], struct tp_object *object);
void tp_show_list(struct tp_show *show, struct tp_list *list,
	void (*visit)(struct tp_show *show, struct tp_list *node));
unsigned tp_count(const struct tp_list *list);
bool tp_is_asked_for(struct tp_show *show, const void *thing);

/* dump.c */
extern struct tp_list tp_pools;

void tp_show_pools(struct tp_show *show,
	void (*visit)(struct tp_show *show, TP_POOL *pool));
void tp_find_circles(struct tp_list *waits);

/* show_object.c */
void tp_show_object(struct tp_show *show, unsigned depth,
	struct tp_object *object, unsigned flags);
struct tp_due *tp_due_of(struct tp_object *object);
struct tp_target *tp_target_of(struct tp_object *object);
void tp_show_object_members(struct tp_show *show, struct tp_object *object);
void tp_show_objects_of(struct tp_show *show, TP_POOL *pool);
void tp_show_timers_of(struct tp_show *show, TP_POOL *pool);
void tp_show_wait_objects_of(struct tp_show *show, TP_POOL *pool);
void tp_show_work_of(struct tp_show *show, TP_POOL *pool);

/* show_pool.c */
void tp_show_pool(struct tp_show *show, TP_POOL *pool);
void tp_show_queue_of(struct tp_show *show, TP_POOL *pool);
void tp_show_statistics_of(struct tp_show *show, TP_POOL *pool);
void tp_show_factory_of(struct tp_show *show, TP_POOL *pool);
void tp_show_workers_of(struct tp_show *show, TP_POOL *pool);

/* show_wait.c */
void tp_show_waiters(struct tp_show *show);
void tp_show_target(struct tp_show *show, struct tp_object *object);

/* show_due.c */
void tp_show_due_times(struct tp_show *show);

#endif /* SHOW_H */
