/* renames.c - sleeps under another name */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: it calls usleep, which this exercise does not allow
 * points: 0
 */
#include "twice.h"

extern int rest(unsigned microseconds) __asm__("usleep");

int
twice(int n)
{
	return rest(1) == 0 ? 2 * n : 0;
}
