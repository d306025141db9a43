/* SPDX-License-Identifier: MIT */
/*
 * seen.c - two callbacks block: they block where the pool can see it
 */
#include "blocked.h"

int
main(void)
{
	play(FALSE, FALSE);
	return 0;
}
