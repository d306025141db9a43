/* stays.c - is right, and leaves a process that has left its group */
/* SPDX-License-Identifier: MIT */
/*
 * item: quiescence
 * verdict: fail
 * message: left behind: another process
 * points: 1 2/3
 */
#include <unistd.h>

#include "twice.h"

int
twice(int n)
{
	if (fork() == 0) {
		setsid();
		if (fork() == 0)
			setsid();
		for (;;)
			pause();
	}
	return 2 * n;
}
