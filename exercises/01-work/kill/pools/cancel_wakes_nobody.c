/* cancel_wakes_nobody.c - a wrong pool: a cancel does not wake the others who wait */
/* SPDX-License-Identifier: MIT */
#define WAKE_AFTER_CANCEL(pool)	((void)0)

#include "fifo.c"
