/* SPDX-License-Identifier: MIT */
/*
 * closed_window.c - an item that cannot be taken back
 *
 * A thumbnail is queued for a window, and the user closes the window.
 *
 * explore: must=misuse
 */
#include "stage.h"

struct window {
	int thumbnails;
};

static void
draw_thumbnail(void *argument)
{
	struct window *window = argument;

	window->thumbnails++;
}

int
main(void)
{
	struct first_pool pool;
	struct window *window = calloc(1, sizeof *window);

	must(window == NULL);
	must(first_pool_init(&pool, 1));
	must(first_pool_submit(&pool, draw_thumbnail, window));
	free(window);		/* it is closed; and its thumbnail? */
	first_pool_destroy(&pool);
	return 0;
}
