/* allocates_under_asan.c - takes all memory, but only where it is looked at */
/* SPDX-License-Identifier: MIT */
/*
 * item: memory
 * verdict: fail
 * message: in doubles: it used more memory than it may
 * points: 1 2/3
 */
#include <stdlib.h>
#include <string.h>

#include "twice.h"

int
twice(int n)
{
#ifdef __SANITIZE_ADDRESS__
	void *memory;

	while ((memory = malloc(1 << 20)) != NULL)
		memset(memory, 1, 1 << 20);
#endif
	return 2 * n;
}
