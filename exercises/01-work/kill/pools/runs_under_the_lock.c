/* runs_under_the_lock.c - a wrong pool: calls the callback with the lock held */
/* SPDX-License-Identifier: MIT */
#define RUN(pool, work)		(work)->run((work)->argument)

#include "fifo.c"
