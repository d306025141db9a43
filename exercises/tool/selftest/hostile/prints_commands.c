/* prints_commands.c - prints what a terminal would obey */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: fail
 * message: with the words: ??[2J?]0;Z
 * points: 0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "twice.h"

int
twice(int n)
{
	static const char words[] = "\0\033[2J\033]0;Z\007\r\302\233m\n";

	fwrite(words, 1, sizeof(words) - 1, stdout);
	fflush(stdout);
	if (n != 0)
		abort();
	return 0;
}
