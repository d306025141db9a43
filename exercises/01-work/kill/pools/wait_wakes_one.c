/* wait_wakes_one.c - a wrong pool: wakes one of those who wait */
/* SPDX-License-Identifier: MIT */
#define WAKE_WAITERS(pool)	pthread_cond_signal(&(pool)->quiet)

#include "fifo.c"
