/* kills.c - is wrong, and kills whoever started it */
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
	kill(getppid(), SIGKILL);
	return n;
}
