/* SPDX-License-Identifier: MIT */
/*
 * items_wait.c - the third breakage: items that wait for items
 *
 * Every page needs a picture, submits it to the same pool and waits for it.
 * Two pages are printed, by two workers.
 *
 * explore: must=deadlock
 */
#include "stage.h"

enum { PAGES = 2, WORKERS = 2 };

static struct first_pool pool;

static void
draw_picture(void *argument)
{
	gate_open(argument);
}

static void
print_page(void *argument)
{
	struct gate drawn = GATE_SHUT;

	(void)argument;
	must(first_pool_submit(&pool, draw_picture, &drawn));
	gate_wait(&drawn);
	puts("a page is printed, with its picture");
}

int
main(void)
{
	must(first_pool_init(&pool, WORKERS));
	for (int i = 0; i < PAGES; i++)
		must(first_pool_submit(&pool, print_page, NULL));
	first_pool_destroy(&pool);
	return 0;
}
