/* print.c - runs the program once and prints its log */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "threadpool.h"

#include "program.h"

/* One call writes whole: the C library locks its stream. */

void
log_runs(unsigned number)
{
	printf("r%u ", number);
}

void
log_cancelled(unsigned number)
{
	printf("c%u ", number);
}

void
log_closed(void)
{
	printf("closed ");
}

void
log_end(void)
{
	printf("\n");
}

int
main(void)
{
	program();
	return 0;
}
