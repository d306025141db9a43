/* hangs.c - never returns */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: timeout
 * message: nothing runs any more
 * points: 0
 */
#include <unistd.h>

#include "twice.h"

int
twice(int n)
{
	for (;;)
		if (pause() == 0)
			return n;
}
