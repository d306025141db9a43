/* list.c - prints every log that the model allows, one a line */
/* SPDX-License-Identifier: MIT */
/*
 * usage: list POOL SIGN. POOL is "this" or "loose": any pool that does what
 * Microsoft promises. key.sh compares the logs with those that the explorer
 * has seen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	static const struct rules this_pool = THIS_POOL;
	static const struct rules documented = DOCUMENTED;
	static struct log_set set;

	if (argc != 3)
		return EXIT_FAILURE;
	log_set_find(&set, strcmp(argv[1], "this") == 0 ? &this_pool :
		&documented, (enum sign)atoi(argv[2]));
	for (unsigned i = 0; i < set.count; i++)
		printf("%send\n", set.text[i]);
	return 0;
}
