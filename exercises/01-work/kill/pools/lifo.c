/* lifo.c - a right pool: one queue, and the newest post starts first */
/* SPDX-License-Identifier: MIT */
#define NEW_POSTS_AT(pool)	(&(pool)->first)

#include "fifo.c"
