/* stop_forgets_the_queue.c - a wrong pool: its threads leave when it is stopped, queue or no */
/* SPDX-License-Identifier: MIT */
#define MAY_LEAVE(pool)		((pool)->stopping)

#include "fifo.c"
