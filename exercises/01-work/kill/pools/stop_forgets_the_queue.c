/* stop_forgets_the_queue.c - a wrong pool: leaves the queue when stopped */
/* SPDX-License-Identifier: MIT */
#define MAY_LEAVE(pool)		((pool)->stopping)

#include "fifo.c"
