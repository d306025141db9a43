/* unused.c - has a warning */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: unused.c, line 14: rest is defined but not used
 * points: 0
 */
#include "twice.h"

int
twice(int n)
{
	int rest;

	return 2 * n;
}
