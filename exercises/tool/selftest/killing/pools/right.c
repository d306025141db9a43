/* right.c - a right one */
/* SPDX-License-Identifier: MIT */
#include "twice.h"

int
twice(int n)
{
	return 2 * n;
}
