/* shifts.c - another right one */
/* SPDX-License-Identifier: MIT */
#include "twice.h"

int
twice(int n)
{
	int sum = n;

	sum += n;
	return sum;
}
