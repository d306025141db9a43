/* fills_the_disk.c - writes a file without end */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: fail
 * message: wrote a file of more than 16 MiB
 * points: 0
 */
#include <stdio.h>

#include "twice.h"

int
twice(int n)
{
	FILE *file = fopen("large", "w");

	while (file != NULL)
		fputs("more and more and more and more and more\n", file);
	return n;
}
