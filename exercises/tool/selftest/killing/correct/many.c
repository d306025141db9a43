/* many.c - right: all small numbers */
/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "twice.h"

void tests(void);

void
tests(void)
{
	for (int n = -100; n <= 100; n++)
		require(twice(n) == n + n, "twice(%d) is wrong", n);
}
