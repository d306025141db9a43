/* SPDX-License-Identifier: MIT */
/*
 * relies_on_order.c - three chapters are printed in the order of their posts
 *
 * explore: must=assertion brief
 */
#include <assert.h>

#include "must.h"

enum { CHAPTERS = 3 };

static LONG printed;

static VOID CALLBACK
print_chapter(PTP_CALLBACK_INSTANCE instance, PVOID number, PTP_WORK work)
{
	(void)instance, (void)work;
	assert(InterlockedIncrement(&printed) == *(int *)number);
}

int
main(void)
{
	int numbers[CHAPTERS] = { 1, 2, 3 };
	PTP_WORK chapters[CHAPTERS];

	for (int i = 0; i < CHAPTERS; i++) {
		chapters[i] = new_work(print_chapter, &numbers[i], NULL);
		SubmitThreadpoolWork(chapters[i]);
	}
	for (int i = 0; i < CHAPTERS; i++)
		finish(chapters[i]);
	return 0;
}
