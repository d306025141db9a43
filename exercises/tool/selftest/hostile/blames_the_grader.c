/* blames_the_grader.c - fails in the words of a grader's own trouble */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: fail
 * message: the process was aborted
 * points: 0
 */
#include <stdio.h>
#include <stdlib.h>

#include "twice.h"

int
twice(int n)
{
	puts("LeakSanitizer has encountered a fatal error");
	fflush(stdout);
	if (n != 0)
		abort();
	return 0;
}
