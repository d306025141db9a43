/* wait_forgets_what_runs.c - a wrong pool: a wait is for an empty queue */
/* SPDX-License-Identifier: MIT */
#define QUIET(work)		((work)->queued == 0)

#include "fifo.c"
