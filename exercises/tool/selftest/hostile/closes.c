/* closes.c - closes every descriptor */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: fail
 * message: before the check was over
 * points: 0
 */
#include <unistd.h>

#include "twice.h"

int
twice(int n)
{
	for (int fd = 0; fd < 1024; fd++)
		close(fd);
	return 2 * n;
}
