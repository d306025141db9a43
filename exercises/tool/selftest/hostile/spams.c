/* spams.c - prints without end */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: fail
 * message: printed more than 16 MiB
 * points: 0
 */
#include <stdio.h>

#include "twice.h"

int
twice(int n)
{
	while (n != 0)
		puts("PASS: twice is right, 2 of 2 points\tpass\tpass");
	return n;
}
