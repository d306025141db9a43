/* sleeper.h - threads asleep on an address */
/* SPDX-License-Identifier: MIT */
/*
 * A slim lock, a condition variable and a one-time initialisation have room
 * for one pointer, and none for a queue. Their sleepers queue here instead,
 * each on a node of its own stack that says which address it sleeps on, in
 * one ring for the process, in the order of arrival.
 *
 * To sleep: queue the node, let go of whatever the sleep is about, then
 * tp_sleeper_sleep. Who wakes the node between the two is not missed.
 *
 * To wake: under tp_sleepers_lock, find the first sleeper of the address and
 * wake it. The walk passes all sleeping threads of the process; there are
 * seldom many, and whoever wakes is not in a hurry.
 */
#ifndef SLEEPER_H
#define SLEEPER_H

#include "../list.h"
#include "../sync.h"
#include "../threadpool.h"

struct tp_sleeper {
	/* Read-only while queued. */
	const void *address;		/* what the thread sleeps on */
	bool shared;			/* wants a lock as one of several */

	/* Guarded by tp_sleepers_lock. */
	struct tp_list link;
	bool woken;
	struct tp_cond cond;
};

extern struct tp_mutex tp_sleepers_lock;	/* a leaf */

void tp_sleeper_queue_locked(struct tp_sleeper *sleeper,
	const void *address, bool shared);
bool tp_sleeper_sleep(struct tp_sleeper *sleeper, DWORD milliseconds);
struct tp_sleeper *tp_sleeper_first_locked(const void *address);
void tp_sleeper_wake_locked(struct tp_sleeper *sleeper);

#endif /* SLEEPER_H */
