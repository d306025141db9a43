/* positive_only.c - a mutant: tests no negative number */
/* SPDX-License-Identifier: MIT */
/*
 * check: positive
 * message: the tests find nothing wrong with this pool
 */
#include "suite.h"

#include "twice.h"

void tests(void);

void
tests(void)
{
	require(twice(1) == 2, "twice(1) is not 2");
}
