/* misspells.c - does not compile */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: misspells.c, line 14: the name m is not declared
 * points: 0
 */
#include "twice.h"

int
twice(int n)
{
	return n + m;
}
