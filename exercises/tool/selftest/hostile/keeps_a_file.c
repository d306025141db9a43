/* keeps_a_file.c - is right, and leaves a descriptor */
/* SPDX-License-Identifier: MIT */
/*
 * item: quiescence
 * verdict: fail
 * message: in doubles: left behind: 1 descriptor
 * points: 1 2/3
 */
#include <fcntl.h>

#include "twice.h"

int
twice(int n)
{
	return open("/dev/null", O_RDONLY) < 0 ? 0 : 2 * n;
}
