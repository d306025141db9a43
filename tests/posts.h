/* posts.h - callbacks that count, and posting them */
/* SPDX-License-Identifier: MIT */
/*
 * What the suites of work objects (scene.h), of pools (crowd.h) and of
 * scenarios (scenario.h) have in common. The context of a callback that
 * counts is a tally.
 *
 * Everything here, as in those, is inline: a suite takes what it needs, and
 * what is left over costs nothing.
 */
#ifndef POSTS_H
#define POSTS_H

#include "harness.h"

static inline VOID CALLBACK
count_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	tally_add(context);
}

static inline VOID CALLBACK
count_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	tally_add(context);
}

static inline void
submit(PTP_WORK work, unsigned times)
{
	while (times-- > 0)
		SubmitThreadpoolWork(work);
}

#endif /* POSTS_H */
