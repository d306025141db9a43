/* grows_when_compiled.c - is right, and would be a file of 4 GiB */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: compiling it makes a file of more than 64 MiB
 * points: 0
 */
#include "twice.h"

extern int large[1u << 30];

int large[1u << 30] = { 1 };

int
twice(int n)
{
	return 2 * n * large[0];
}
