/* forgets.c - does not link */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: it defines no function or variable called twice, which is needed
 * points: 0
 */
#include "twice.h"

int
thrice(int n);

int
thrice(int n)
{
	return 3 * n;
}
