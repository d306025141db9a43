/* list.c - prints every log that the model allows of one account */
/* SPDX-License-Identifier: MIT */
/*
 * usage: list NUMBER, from 0 for A. key.sh compares the logs with those that
 * the explorer has seen.
 */
#include <stdio.h>
#include <stdlib.h>

#include "suite.h"

#include "model.h"

_Noreturn void
suite_fail(const char *format, ...)
{
	fprintf(stderr, "%s\n", format);
	exit(EXIT_FAILURE);
}

int
main(int argc, char **argv)
{
	static const struct rules rules;
	static struct log_set set;
	int number = argc > 1 ? atoi(argv[1]) : -1;

	if (number < A || number >= ACCOUNT_COUNT)
		return EXIT_FAILURE;
	log_set_find(&set, &rules, (enum letter)number);
	for (unsigned i = 0; i < set.count; i++)
		puts(set.text[i]);
	return 0;
}
