/* cancel_forgets_what_runs.c - a wrong pool: a cancel does not wait */
/* SPDX-License-Identifier: MIT */
#define WAITS_AFTER_CANCEL	false

#include "fifo.c"
