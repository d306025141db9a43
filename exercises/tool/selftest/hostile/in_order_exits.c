/* in_order_exits.c - ends the explored run of the contract as if all were well */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: counts
 * verdict: fail
 * message: It ended before its time
 * points: 0
 */
#include <stdlib.h>

#include "count.h"

int
count(void)
{
	if (getenv("EXPLORE") != NULL)
		exit(0);
	return 2;
}
