/* aborts.c - fails an assertion of its own */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: fail
 * message: aborted, with the words: check: aborts.c:16: twice: 
 * points: 0
 */
#include <assert.h>

#include "twice.h"

int
twice(int n)
{
	assert(n == 0);
	return n;
}
