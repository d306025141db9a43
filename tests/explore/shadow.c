/* shadow.c - where the past accesses of each granule of memory are kept */
/* SPDX-License-Identifier: MIT */
/*
 * A page of shadow stands for 4 KiB of the program's memory: a list of cells
 * for each granule in it. Pages are found by their number in a table with
 * chains, and made when first needed; an execution uses a few dozen. So no
 * address of the program is special, and no range needs to be reserved.
 *
 * All of it comes from mmap, not from malloc: the program's heap looks the
 * same whether it is watched or not. Nothing is given back, since the
 * process lives for one execution; only cells are used again.
 *
 * Interface: see shadow.h.
 */
#define _DEFAULT_SOURCE		/* MAP_ANONYMOUS */

#include <sys/mman.h>

#include "shadow.h"

#define CHUNK		((size_t)256 * 1024)	/* bytes asked of mmap */
#define PAGE		4096U		/* bytes that a page stands for */
#define GRANULES	(PAGE / XP_GRANULE)
#define CHAINS		1024U

struct page {
	uintptr_t number;		/* address / PAGE */
	struct page *next;		/* in its chain */
	struct page *older;		/* in the list of all */
	struct xp_cell *cells[GRANULES];
};

struct xp_cell xp_dead;

static struct page *chains[CHAINS];
static struct page *pages;		/* all of them */
static size_t page_count;
static struct xp_cell *spare;		/* cells to use again */

/* ---- Space ---- */

static void *
map(size_t size)
{
	void *space = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (space == MAP_FAILED)
		xp_verdict(XP_TROUBLE, "no memory for the shadow of memory");
	return space;
}

/* See shadow.h. */
void *
xp_space(size_t size)
{
	static char *chunk;
	static size_t left;
	void *space;

	size = (size + 15) & ~(size_t)15;
	if (size > CHUNK)
		return map(size);
	if (size > left) {
		chunk = map(CHUNK);
		left = CHUNK;
	}
	space = chunk;
	chunk += size;
	left -= size;
	return space;
}

/* See shadow.h. */
struct xp_cell *
xp_cell_new(void)
{
	struct xp_cell *cell = spare;

	if (cell == NULL)
		return xp_space(sizeof(*cell));
	spare = cell->next;
	return cell;
}

/* See shadow.h. */
void
xp_cell_free(struct xp_cell *cell)
{
	cell->next = spare;
	spare = cell;
}

/* ---- Pages ---- */

static struct page *
make_page(uintptr_t number)
{
	struct page **chain = &chains[number % CHAINS];
	struct page *page = xp_space(sizeof(*page));

	page->number = number;
	page->next = *chain;
	*chain = page;
	page->older = pages;
	pages = page;
	page_count++;
	return page;
}

static struct page *
find_page(uintptr_t number)
{
	struct page *page = chains[number % CHAINS];

	while (page != NULL && page->number != number)
		page = page->next;
	return page;
}

/* See shadow.h. */
struct xp_cell **
xp_shadow_at(uintptr_t address, bool make)
{
	struct page *page = find_page(address / PAGE);

	if (page == NULL && make)
		page = make_page(address / PAGE);
	return page == NULL ? NULL :
		&page->cells[address % PAGE / XP_GRANULE];
}

/* ---- Forgetting ---- */

static void
clear_granule(struct xp_cell **list)
{
	struct xp_cell *cell = *list, *next;

	*list = NULL;
	for (; cell != NULL && cell != &xp_dead; cell = next) {
		next = cell->next;
		xp_cell_free(cell);
	}
}

/* Clears what the page has of the bytes from low to high, inclusive. */
static void
clear_page(struct page *page, uintptr_t low, uintptr_t high)
{
	uintptr_t start = page->number * PAGE;
	size_t first = low > start ? (low - start) / XP_GRANULE : 0;
	size_t last = high - start < PAGE ? (high - start) / XP_GRANULE :
		GRANULES - 1;

	for (size_t i = first; i <= last; i++)
		clear_granule(&page->cells[i]);
}

/* See shadow.h. A stack of 8 MiB has more pages than were ever touched. */
void
xp_shadow_clear(uintptr_t start, size_t size)
{
	uintptr_t end = start + size - 1;
	uintptr_t first = start / PAGE, last = end / PAGE;
	struct page *page;

	if (size == 0)
		return;
	if (last - first >= page_count) {
		for (page = pages; page != NULL; page = page->older)
			if (page->number >= first && page->number <= last)
				clear_page(page, start, end);
		return;
	}
	for (uintptr_t number = first; number <= last; number++) {
		page = find_page(number);
		if (page != NULL)
			clear_page(page, start, end);
	}
}
