/* print.c - runs the program once for each sign and prints what it finds */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "threadpool.h"

#include "program.h"

#define STATEMENT_TEXT(letter, text) text,
static const char *const texts[STATEMENT_COUNT] = {
	STATEMENTS(STATEMENT_TEXT)
};

/* One call writes whole: the C library locks its stream. */
void
finds(enum letter statement, int so)
{
	printf("%c %-3s  %s\n", "ABCDEFGHIJKL"[statement], so ? "yes" : "no",
		texts[statement]);
}

int
main(void)
{
	for (enum sign sign = EVENT; sign < SIGNS; sign++)
		program(sign);
	return 0;
}
