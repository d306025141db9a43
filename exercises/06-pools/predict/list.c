/* list.c - prints every log that the model allows, one a line */
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
main(void)
{
	static const struct rules rules;
	static struct log_set set;

	log_set_find(&set, &rules);
	for (unsigned i = 0; i < set.count; i++)
		printf("%s end\n", set.text[i]);
	return 0;
}
