/* SPDX-License-Identifier: MIT */
/*
 * items_wait.c - the third breakage: items that wait for items
 *
 * Every page needs a picture, submits it to the same pool and waits for it.
 * Two pages are printed with three workers, then with two. The gates begun
 * and go have both pages begin before either asks for its picture.
 */
#include "stage.h"

enum { PAGES = 2 };

struct page {
	int number;			/* from 1 */
	struct first_pool *pool;
	bool blank;			/* written before ready opens */
	struct gate begun, go;
	struct gate asked;		/* its picture is in the queue */
	struct gate ready;		/* its picture is drawn, or blank */
};

#define PAGE(number, pool) { number, pool, false, \
	GATE_SHUT, GATE_SHUT, GATE_SHUT, GATE_SHUT }

static void
draw_picture(void *argument)
{
	struct page *page = argument;

	gate_open(&page->ready);
}

static void
print_page(void *argument)
{
	struct page *page = argument;

	gate_open(&page->begun);
	gate_wait(&page->go);
	must(first_pool_submit(page->pool, draw_picture, page));
	gate_open(&page->asked);
	gate_wait(&page->ready);
	printf("  page %d: %s\n", page->number,
	    page->blank ? "printed with a blank" : "printed");
}

/* To be called when each worker is inside print_page and every picture is
 * queued: nobody is left to draw, so what is seen here would stay so. */
static void
look_and_rescue(struct page *pages)
{
	int waiting = 0;

	for (int i = 0; i < PAGES; i++)
		waiting += !gate_is_open(&pages[i].ready);
	printf("  pages that wait: %d, pictures drawn: %d\n", waiting,
	    PAGES - waiting);
	for (int i = 0; i < PAGES; i++)
		pages[i].blank = true;
	for (int i = 0; i < PAGES; i++)
		gate_open(&pages[i].ready);
}

static void
print_all(unsigned workers)
{
	struct first_pool pool;
	struct page pages[PAGES] = { PAGE(1, &pool), PAGE(2, &pool) };

	printf("%u workers\n", workers);
	must(first_pool_init(&pool, workers));
	for (int i = 0; i < PAGES; i++)
		must(first_pool_submit(&pool, print_page, &pages[i]));
	for (int i = 0; i < PAGES; i++)
		gate_wait(&pages[i].begun);
	for (int i = 0; i < PAGES; i++)
		gate_open(&pages[i].go);
	for (int i = 0; i < PAGES; i++)
		gate_wait(&pages[i].asked);
	if (workers <= PAGES)
		look_and_rescue(pages);
	first_pool_destroy(&pool);
}

int
main(void)
{
	print_all(PAGES + 1);
	print_all(PAGES);
	return 0;
}
