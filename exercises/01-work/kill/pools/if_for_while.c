/* if_for_while.c - a wrong pool: looks once, and not after waking up */
/* SPDX-License-Identifier: MIT */
#define WHILE_NOT(condition)	if (!(condition))

#include "fifo.c"
