/* hangs.c - never returns */
/* SPDX-License-Identifier: MIT */
#include <unistd.h>

#include "twice.h"

int
twice(int n)
{
	for (;;)
		if (pause() == 0)
			return n;
}
