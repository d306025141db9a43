/* runs_under_the_lock.c - a wrong pool: holds the lock for the callback */
/* SPDX-License-Identifier: MIT */
#define RUN(pool, work)		(work)->run((work)->argument)

#include "fifo.c"
