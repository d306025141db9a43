/* writes_assembler.c - is right, and in assembler */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: line 14 uses __asm__: an answer is written in C
 * points: 0
 */
#include "twice.h"

int
twice(int n)
{
	__asm__("" : "+r"(n));
	return 2 * n;
}
