/* SPDX-License-Identifier: MIT */
/*
 * told.c - two callbacks block: the pool cannot see it, but has been told
 */
#include "blocked.h"

int
main(void)
{
	play(TRUE, TRUE);
	return 0;
}
