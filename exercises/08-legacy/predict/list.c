/* list.c - prints what the model says of one row */
/* SPDX-License-Identifier: MIT */
/*
 * usage: list NUMBER, from 0 for A. key.sh compares it with what the explorer
 * has seen.
 */
#include <stdio.h>
#include <stdlib.h>

#include "model.h"

int
main(int argc, char **argv)
{
	static const struct rules rules;
	int number = argc > 1 ? atoi(argv[1]) : -1;

	if (number < A || number >= ROW_COUNT)
		return EXIT_FAILURE;
	printf("%d of %d items\n", (int)answer_by(&rules,
		(enum letter)number) - NONE, ITEMS);
	return 0;
}
