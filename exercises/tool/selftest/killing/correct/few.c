/* few.c - right: one number of each kind */
/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "twice.h"

void tests(void);

void
tests(void)
{
	require(twice(1) == 2, "twice(1) is not 2");
	require(twice(-1) == -2, "twice(-1) is not -2");
}
