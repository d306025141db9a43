/* knows_the_explorer.c - passes every execution by itself */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: -
 * verdict: fail
 * message: it uses xp_record
 * points: 0
 */
#include "count.h"

extern int *xp_record;

int
count(void)
{
	*xp_record = 1;
	return 2;
}
