/* rejects_all.c - a mutant: rejects whatever it is given */
/* SPDX-License-Identifier: MIT */
/*
 * check: shifts
 * message: the tests reject a right pool: twice(1) is not 3
 */
#include "suite.h"

#include "twice.h"

void tests(void);

void
tests(void)
{
	require(twice(1) == 3, "twice(1) is not 3");
}
