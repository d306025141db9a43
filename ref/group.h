/* group.h - who belongs to a cleanup group: the engine's half of one */
/* SPDX-License-Identifier: MIT */
/*
 * Part of the contract with the chapters: engine.h includes it. A cleanup
 * group is a list of the objects that were created for it. An object is a
 * member from the end of its creation until it is freed, so that a callback
 * which still runs is found in the group, though its object is closed.
 *
 * The list holds no references: freeing an object takes it out. Whoever
 * walks the list under the lock therefore finds memory that is still there,
 * and must leave alone an object whose last reference is gone.
 *
 * One thread at a time closes the members; others wait for their turn. So
 * what one call drops, that call reports, and each returns when the cancel
 * callbacks of the other have, too.
 *
 * Locks: the group's comes before tp_waitable_lock and the pool's.
 */
#ifndef GROUP_H
#define GROUP_H

#include "list.h"
#include "sync.h"

struct tp_object;

struct tp_group {
	/* Read-only after init. Called before it is freed, unless NULL. */
	void (*end)(struct tp_group *group);

	struct tp_mutex lock;
	struct tp_cond turn;		/* closing has ended */

	/* Guarded by lock. */
	unsigned refs;			/* handle, members, closers */
	bool closing;			/* somebody closes the members */
#if TP_CHECK
	pthread_t closer;		/* who, if somebody does */
#endif
	struct tp_list members;		/* the oldest first */
};

void tp_group_init(struct tp_group *group);
void tp_group_join_locked(struct tp_object *object);
void tp_group_join(struct tp_object *object);
void tp_group_leave(struct tp_object *object);
unsigned tp_group_hold(struct tp_group *group);
struct tp_object *tp_group_next(const struct tp_group *group,
	const struct tp_object *object);
void tp_group_done(struct tp_group *group);
bool tp_group_in_use(struct tp_group *group);
bool tp_group_unref(struct tp_group *group);

#endif /* GROUP_H */
