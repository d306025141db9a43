/* tried_at_once.c - right: tried when it is made; the rest waits in line */
/* SPDX-License-Identifier: MIT */
/*
 * The reference's own: the first in line stays there while it is being
 * tried, and its channel is marked busy.
 */
#include "stream.c"
