/* takes_a_file_in.c - takes a file of the machine into itself, by the assembler */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: it has assembler instructions in it: an answer is in C
 * points: 0
 */
#include "twice.h"

#define JOIN(a, b) a ## b

JOIN(__as, m__)("stolen: .incbin \"/etc/passwd\"");

int
twice(int n)
{
	return 2 * n;
}
