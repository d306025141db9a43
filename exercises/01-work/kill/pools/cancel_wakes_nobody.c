/* cancel_wakes_nobody.c - a wrong pool: a cancel wakes no other waits */
/* SPDX-License-Identifier: MIT */
#define WAKE_AFTER_CANCEL(pool)	((void)0)

#include "fifo.c"
