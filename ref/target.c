/* target.c - waiting for a kernel object without a thread */
/* SPDX-License-Identifier: MIT */
/*
 * Whoever waits for a kernel object links a block into it. In multiwait.c a
 * thread sleeps behind the block; here there is none: when the object is
 * signalled, the signalling thread itself ends the wait and has a callback
 * posted. So there is no waiter thread, no limit of 64 objects, and no
 * descriptor; 100,000 waits cost their memory and nothing else.
 *
 * Interface: tp_target_init, tp_target_set_locked, tp_target_clear_locked,
 * tp_target_uses_locked.
 *
 * Invariant: while a target is set, its block is in the list of the object,
 * and uses it: the object outlives its last handle (KOBJ-01).
 *
 * Locks: tp_waitable_lock.
 */
#include "waitable.h"

/* See struct tp_wait_block. */
static bool
satisfy(struct tp_wait_block *block)
{
	struct tp_target *target = block->waiter;
	struct tp_waitable *object = block->object;

	(void)object->kind->consume(object, NULL);
	tp_target_clear_locked(target);
	target->signalled(target);
	return true;
}

/* Prepares a target, which is not set. */
void
tp_target_init(struct tp_target *target,
	void (*signalled)(struct tp_target *target))
{
	target->signalled = signalled;
	target->block.object = NULL;
	target->block.waiter = target;
	target->block.satisfy = satisfy;
	tp_list_init(&target->block.link);
}

/*
 * Begins a wait. The target is not set. If the object is signalled now, it
 * is taken now, and target->signalled is not called.
 *
 * Returns: WAIT_OBJECT_0: it was taken, and the wait is over; WAIT_TIMEOUT:
 * the target is set; WAIT_FAILED: it is not, since this is no handle, or
 * that of a mutex, which belongs to whoever waits for it, and here nobody
 * waits who could release it (WAIT-15).
 */
DWORD
tp_target_set_locked(struct tp_target *target, HANDLE handle)
{
	struct tp_waitable *object = tp_handle_find_locked(handle);

	tp_assert_held(&tp_waitable_lock);
	if (object == NULL || object->kind->owned)
		return WAIT_FAILED;
	if (object->kind->signalled(object, NULL)) {
		(void)object->kind->consume(object, NULL);
		return WAIT_OBJECT_0;
	}
	tp_waitable_use_locked(object);
	target->block.object = object;
#if TP_CHECK
	target->handle = handle;
#endif
	tp_list_append(&object->blocks, &target->block.link);
	return WAIT_TIMEOUT;
}

/* Ends a wait; harmless if there is none. */
void
tp_target_clear_locked(struct tp_target *target)
{
	struct tp_waitable *object = target->block.object;

	tp_assert_held(&tp_waitable_lock);
	if (object == NULL)
		return;
	target->block.object = NULL;
	tp_list_remove(&target->block.link);
	tp_waitable_unuse_locked(object);
}

#if TP_CHECK
/* See trigger.h. */
bool
tp_target_uses_locked(const struct tp_waitable *object, HANDLE handle)
{
	tp_assert_held(&tp_waitable_lock);
	for (const struct tp_list *node = object->blocks.next;
	     node != &object->blocks; node = node->next) {
		const struct tp_wait_block *block = tp_container(node,
			const struct tp_wait_block, link);
		const struct tp_target *target = block->waiter;

		/* Of the blocks of threads, satisfy is another function. */
		if (block->satisfy == satisfy && target->handle == handle)
			return true;
	}
	return false;
}
#endif
