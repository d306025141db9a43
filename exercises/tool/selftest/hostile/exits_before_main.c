/* exits_before_main.c - ends the process before the check has begun */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: fail
 * message: ended with status 0 before the check was over
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
