/* kills.c - is wrong, and kills whoever started it and all others */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: fail
 * message: twice(3) was 3
 * points: 0
 */
#include <signal.h>
#include <unistd.h>

#include "twice.h"

int
twice(int n)
{
	if (getppid() > 0)
		kill(getppid(), SIGKILL);
	kill(-1, SIGKILL);
	return n;
}
