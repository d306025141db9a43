/* old_pool.h - the pool that stands in for the default one */
/* SPDX-License-Identifier: MIT */
#ifndef OLD_POOL_H
#define OLD_POOL_H

#include "threadpool.h"

/*
 * All work items run in this pool, and flags set the maximum of this one. It
 * is open whenever somebody can call QueueUserWorkItem, and is not closed
 * before all items have run; a check may use several, one after the other.
 */
extern PTP_POOL old_pool;

#endif /* OLD_POOL_H */
