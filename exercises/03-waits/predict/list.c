/* list.c - prints every log that the model allows of one situation */
/* SPDX-License-Identifier: MIT */
/*
 * key.sh compares them with those that the explorer has seen.
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
	int number = argc > 1 ? atoi(argv[1]) : 0;

	if (number < 1 || number > SITUATIONS)
		return EXIT_FAILURE;
	log_set_find(&set, &rules, &situations[number - 1]);
	for (unsigned i = 0; i < set.count; i++)
		puts(set.text[i]);
	return 0;
}
