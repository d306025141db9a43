/* SPDX-License-Identifier: MIT */
/*
 * unseen.c - two callbacks block: they block where the pool cannot see it
 */
#include "blocked.h"

int
main(void)
{
	play(TRUE, FALSE);
	return 0;
}
