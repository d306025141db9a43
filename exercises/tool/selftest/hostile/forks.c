/* forks.c - makes processes without end */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: fail
 * message: started more than 32 processes
 * points: 0
 */
#include <unistd.h>

#include "twice.h"

int
twice(int n)
{
	for (;;)
		if (fork() == -2)
			return n;
}
