/* submits_merge.c - a wrong pool: what is queued already is not queued again */
/* SPDX-License-Identifier: MIT */
#define ALREADY_POSTED(work)	((work)->queued > 0)

#include "fifo.c"
