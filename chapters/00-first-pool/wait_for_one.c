/* SPDX-License-Identifier: MIT */
/*
 * wait_for_one.c - the first breakage: one item cannot be waited for
 *
 * One worker; three items: a report, a long backup, a thumbnail. The
 * program wants to go on as soon as there is its report.
 */
#include "stage.h"

static void
finish(void *argument)
{
	const char *what = argument;

	printf("%s: finished\n", what);
}

int
main(void)
{
	struct first_pool pool;

	must(first_pool_init(&pool, 1));
	must(first_pool_submit(&pool, finish, "report"));
	must(first_pool_submit(&pool, finish, "backup"));
	must(first_pool_submit(&pool, finish, "thumbnail"));
	first_pool_destroy(&pool);	/* there is nothing else to call */
	puts("main: there is the report, and no pool any more");
	return 0;
}
