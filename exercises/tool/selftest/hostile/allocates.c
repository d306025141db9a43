/* allocates.c - uses memory without end */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: fail
 * message: crashed: it touched memory that it may not, when it had used 1 GiB
 * points: 0
 */
#include <stdlib.h>
#include <string.h>

#include "twice.h"

static char *last;

int
twice(int n)
{
	while (n != 0) {
		last = malloc(1 << 20);
		memset(last, 1, 1 << 20);
	}
	return last[0];
}
