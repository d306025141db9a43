/* spins.c - never returns, and keeps busy */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: timeout
 * message: ten seconds of processor time
 * points: 1
 */
#include "twice.h"

int
twice(int n)
{
	volatile int busy = n > 0;

	while (busy)
		continue;
	return 2 * n;
}
