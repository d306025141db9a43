/* wait_is_for_all.c - a wrong pool: a wait is for the whole pool */
/* SPDX-License-Identifier: MIT */
#define QUIET(work) \
	((work)->pool->queued + (work)->pool->running == 0)

#include "fifo.c"
