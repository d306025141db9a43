/* exits_before_main.c - ends the process before the check has begun */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: it has a function that runs before main
 * points: 0
 */
#include <stdlib.h>
#include <unistd.h>

#include "twice.h"

__attribute__((constructor)) static void
leave(void)
{
	_exit(EXIT_SUCCESS);
}

int
twice(int n)
{
	return n;
}
