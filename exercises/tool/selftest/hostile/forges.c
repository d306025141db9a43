/* forges.c - writes a result into every descriptor */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: fail
 * message: wrote into the grader's own result channel
 * points: 0
 */
#include <unistd.h>

#include "twice.h"

int
twice(int n)
{
	for (int fd = 3; fd < 1024; fd++)
		if (write(fd, "result: pass\n", 13) == 13)
			n++;
	_exit(n == 0);
}
