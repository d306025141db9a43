/* natively_fails.c - is right in every schedule, and natively wrong */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: counts
 * verdict: fail
 * message: count() was 3
 * points: 1/2
 */
#include <stdlib.h>

#include "count.h"

int
count(void)
{
	return getenv("EXPLORE") != NULL ? 2 : 3;
}
