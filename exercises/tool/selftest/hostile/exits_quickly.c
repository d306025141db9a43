/* exits_quickly.c - ends the process as if all were well, past all handlers */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: fail
 * message: ended with status 0 before the check was over
 * points: 0
 */
#include <stdlib.h>

#include "twice.h"

int
twice(int n)
{
	quick_exit(n == 0);
}
