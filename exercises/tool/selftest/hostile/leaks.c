/* leaks.c - is right, and loses memory */
/* SPDX-License-Identifier: MIT */
/*
 * item: memory
 * verdict: fail
 * message: in doubles: it left memory that nobody can free (in twice, leaks.c:
 * points: 1 1/3
 */
#include <stdlib.h>

#include "twice.h"

int
twice(int n)
{
	int *lost = malloc(sizeof(*lost));

	if (lost == NULL)
		return 0;
	*lost = n;
	return 2 * *lost;
}
