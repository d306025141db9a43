/* sleeper.c - threads asleep on an address */
/* SPDX-License-Identifier: MIT */
/*
 * Interface: tp_sleeper_queue_locked, tp_sleeper_sleep; for those who wake,
 * tp_sleeper_first_locked and tp_sleeper_wake_locked. sleeper.h says what
 * for.
 *
 * Invariant: a node is in the ring from queue until it is woken or its time
 * is up, whichever comes first under tp_sleepers_lock; so never is it both.
 * It is signalled under that lock too, because its thread, once it can take
 * the lock and see `woken`, returns, and the node is gone with its stack.
 */
#include "../engine.h"
#include "sleeper.h"

struct tp_mutex tp_sleepers_lock = TP_MUTEX_INIT(TP_RANK_LEAF);

static struct tp_list ring = TP_LIST_INIT(ring);	/* the oldest first */

/*
 * Puts the calling thread's node into the ring; tp_sleeper_sleep must follow.
 * Locks: tp_sleepers_lock.
 */
void
tp_sleeper_queue_locked(struct tp_sleeper *sleeper, const void *address,
	bool shared)
{
	tp_assert_held(&tp_sleepers_lock);
	sleeper->address = address;
	sleeper->shared = shared;
	sleeper->woken = false;
	tp_cond_init(&sleeper->cond);
	tp_list_append(&ring, &sleeper->link);
}

/*
 * Sleeps until the queued node is woken, for that many milliseconds at most
 * (INFINITE: no limit), and takes it out of the ring. Returns false when the
 * time was up first. The pool of a worker may run another one meanwhile.
 * Locks: none held; takes tp_sleepers_lock.
 */
bool
tp_sleeper_sleep(struct tp_sleeper *sleeper, DWORD milliseconds)
{
	tp_time deadline = milliseconds == INFINITE ? TP_FOREVER :
		tp_time_after(tp_now(), milliseconds * TP_MS);
	bool in_time = true;
	bool woken;

	tp_blocking_begin();
	tp_lock(&tp_sleepers_lock);
	while (!sleeper->woken && in_time)
		in_time = tp_cond_wait_until(&sleeper->cond,
			&tp_sleepers_lock, deadline);
	/* Time may be up and the thread woken at once: then it is woken. */
	woken = sleeper->woken;
	tp_list_remove(&sleeper->link);
	tp_unlock(&tp_sleepers_lock);
	tp_blocking_end();
	tp_cond_destroy(&sleeper->cond);
	return woken;
}

/*
 * The thread that has slept on address the longest, or NULL if none does.
 * Locks: tp_sleepers_lock.
 */
struct tp_sleeper *
tp_sleeper_first_locked(const void *address)
{
	struct tp_list *node;
	struct tp_sleeper *sleeper;

	tp_assert_held(&tp_sleepers_lock);
	for (node = ring.next; node != &ring; node = node->next) {
		sleeper = tp_container(node, struct tp_sleeper, link);
		if (sleeper->address == address)
			return sleeper;
	}
	return NULL;
}

/* Takes a node out of the ring and wakes its thread. tp_sleepers_lock. */
void
tp_sleeper_wake_locked(struct tp_sleeper *sleeper)
{
	tp_assert_held(&tp_sleepers_lock);
	tp_list_remove(&sleeper->link);
	sleeper->woken = true;
	tp_cond_signal(&sleeper->cond);
}
