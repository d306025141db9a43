/* renames.c - sleeps under another name */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: it calls usleep, which this exercise does not allow
 * points: 0
 */
#include "twice.h"

#define JOIN(a, b) a ## b

extern int rest(unsigned microseconds) JOIN(__as, m__)("usleep");

int
twice(int n)
{
	return rest(1) == 0 ? 2 * n : 0;
}
