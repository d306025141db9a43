/* SPDX-License-Identifier: MIT */
/*
 * tabs_pool.c - the same four tabs, each a work object
 *
 * The server of the map does not answer before the news has been shown.
 */
#include "must.h"

enum { MAP, NEWS, MAIL, MUSIC, TABS };

static const char *const names[TABS] = { "map", "news", "mail", "music" };
static LONG loaded[TABS];	/* by Interlocked functions only */
static HANDLE asked, answer;	/* of the map's server */
static LONG in_main;		/* loads on the main thread; likewise */
static DWORD main_thread;

static VOID CALLBACK
load(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	LONG *mark = context;
	int tab = (int)(mark - loaded);

	(void)instance, (void)work;
	if (GetCurrentThreadId() == main_thread)
		InterlockedIncrement(&in_main);
	if (tab == MAP) {
		SetEvent(asked);
		await(answer);
	}
	printf("loaded: %s\n", names[tab]);
	InterlockedExchange(mark, TRUE);
}

static PTP_WORK
open_tab(int tab)
{
	PTP_WORK work = CreateThreadpoolWork(load, &loaded[tab], NULL);

	must(work != NULL, "CreateThreadpoolWork");
	SubmitThreadpoolWork(work);
	return work;
}

static BOOL
is_loaded(int tab)
{
	return InterlockedCompareExchange(&loaded[tab], 0, 0);
}

int
main(void)
{
	PTP_WORK works[TABS];

	main_thread = GetCurrentThreadId();
	asked = new_event(TRUE);
	answer = new_event(TRUE);
	works[MAP] = open_tab(MAP);
	await(asked);
	for (int tab = NEWS; tab < TABS; tab++)
		works[tab] = open_tab(tab);
	WaitForThreadpoolWorkCallbacks(works[NEWS], FALSE);
	must(is_loaded(NEWS), "the news is loaded");
	printf("news shown; map loaded: %s\n",
	    is_loaded(MAP) ? "yes" : "no");
	SetEvent(answer);
	for (int tab = 0; tab < TABS; tab++) {
		WaitForThreadpoolWorkCallbacks(works[tab], FALSE);
		CloseThreadpoolWork(works[tab]);
		must(is_loaded(tab), "every tab is loaded");
	}
	printf("tabs loaded by the main thread: %d\n", (int)in_main);
	return 0;
}
