/* uses_after_free.c - reads memory that it has freed */
/* SPDX-License-Identifier: MIT */
/*
 * item: memory
 * verdict: fail
 * message: it used memory that had been freed (in twice, uses_after_free.c:
 * points: 1 2/3
 */
#include <stdlib.h>

#include "twice.h"

static int *volatile old;

int
twice(int n)
{
	old = malloc(64 * sizeof(*old));
	if (old == NULL)
		return 0;
	old[32] = n;
	free(old);
	return 2 * old[32];
}
