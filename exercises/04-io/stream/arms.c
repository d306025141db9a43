/* arms.c - the poller, and how often it was asked */
/* SPDX-License-Identifier: MIT */
/*
 * The poller is that of ref/poller.c, which is a part of this file. Whoever
 * has it report what is always there goes on for ever, and natively nothing
 * would end that soon.
 */
#define tp_poller_arm_locked arm_for_real
#include "poller.c"
#undef tp_poller_arm_locked

#include "tries.h"

#define TOO_MANY 1000

static unsigned long made;		/* guarded by tp_waitable_lock */

void
tp_poller_arm_locked(struct tp_watch *watch, short events)
{
	require(++made < TOO_MANY, "the poller was asked %d times to report",
		TOO_MANY);
	arm_for_real(watch, events);
}

unsigned long
arms_made(void)
{
	unsigned long count;

	tp_lock(&tp_waitable_lock);
	count = made;
	tp_unlock(&tp_waitable_lock);
	return count;
}
