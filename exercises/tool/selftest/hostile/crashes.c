/* crashes.c - follows a null pointer */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: fail
 * message: crashed: it touched memory that it may not
 * points: 0
 */
#include "twice.h"

int
twice(int n)
{
	volatile int *nothing = 0;

	return *nothing + n;
}
