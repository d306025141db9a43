/* expands.c - is right, and would be a thousand million numbers */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: compiling it takes more than 1 GiB of memory
 * points: 0
 */
#include "twice.h"

#define A 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
#define B A, A, A, A, A, A, A, A, A, A
#define C B, B, B, B, B, B, B, B, B, B
#define D C, C, C, C, C, C, C, C, C, C
#define E D, D, D, D, D, D, D, D, D, D
#define F E, E, E, E, E, E, E, E, E, E
#define G F, F, F, F, F, F, F, F, F, F
#define H G, G, G, G, G, G, G, G, G, G

#define ALL(...) __VA_ARGS__

static const int numbers[] = { ALL(H, H, H, H, H, H, H, H, H, H) };

int
twice(int n)
{
	return 2 * n * numbers[0];
}
