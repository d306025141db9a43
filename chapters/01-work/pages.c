/* SPDX-License-Identifier: MIT */
/*
 * pages.c - callbacks that wait for callbacks
 *
 * The third breakage of chapter 00, on this pool. Every page is begun
 * before any asks for its picture, so each has a thread to wait on, and one
 * more thread has to draw.
 *
 * explore: one=6 runs=2000
 */
#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

enum { PAGES = 3 };

struct page {
	PTP_WORK printing, drawing;
	BOOL drawn;		/* by drawing, for printing */
	BOOL printed;		/* by printing, for main */
};

static HANDLE begun;		/* resets itself: one page has begun */
static HANDLE all_begun;

/* Ends the program unless ok. what: the call or promise that failed. */
static void
must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "failed: %s\n", what);
	exit(1);
}

static VOID CALLBACK
draw(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct page *page = context;

	(void)instance, (void)work;
	page->drawn = TRUE;
}

static VOID CALLBACK
print(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct page *page = context;

	(void)instance, (void)work;
	SetEvent(begun);
	WaitForSingleObject(all_begun, INFINITE);
	SubmitThreadpoolWork(page->drawing);
	WaitForThreadpoolWorkCallbacks(page->drawing, FALSE);
	page->printed = page->drawn;
}

int
main(void)
{
	struct page pages[PAGES] = { 0 };
	int printed = 0;

	begun = CreateEvent(NULL, FALSE, FALSE, NULL);
	all_begun = CreateEvent(NULL, TRUE, FALSE, NULL);
	must(begun && all_begun, "CreateEvent");
	for (struct page *page = pages; page < pages + PAGES; page++) {
		page->drawing = CreateThreadpoolWork(draw, page, NULL);
		page->printing = CreateThreadpoolWork(print, page, NULL);
		must(page->drawing && page->printing, "work objects");
		SubmitThreadpoolWork(page->printing);
		WaitForSingleObject(begun, INFINITE);
	}
	printf("%d pages are being printed at one time\n", PAGES);
	SetEvent(all_begun);
	for (struct page *page = pages; page < pages + PAGES; page++) {
		WaitForThreadpoolWorkCallbacks(page->printing, FALSE);
		CloseThreadpoolWork(page->printing);
		CloseThreadpoolWork(page->drawing);
		printed += page->printed;
	}
	must(printed == PAGES, "every page has its picture");
	printf("pages printed, with their pictures: %d\n", printed);
	return 0;
}
