/* sleeps.c - uses what the manifest forbids */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: line 17 uses usleep, which this exercise does not allow
 * points: 0
 */
#define _DEFAULT_SOURCE
#include <unistd.h>

#include "twice.h"

int
twice(int n)
{
	usleep(1000);
	return 2 * n;
}
