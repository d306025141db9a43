/* stop_wakes_one.c - a wrong pool: wakes one thread when it is stopped */
/* SPDX-License-Identifier: MIT */
#define WAKE_FOR_STOP(pool)	pthread_cond_signal(&(pool)->changed)

#include "fifo.c"
