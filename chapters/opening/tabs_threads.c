/* SPDX-License-Identifier: MIT */
/*
 * tabs_threads.c - four tabs of a browser, each loaded by its own thread
 *
 * The server of the map does not answer before the news has been shown.
 */
#include "must.h"

enum { MAP, NEWS, MAIL, MUSIC, TABS };

static const char *const names[TABS] = { "map", "news", "mail", "music" };
static LONG loaded[TABS];	/* by Interlocked functions only */
static HANDLE asked, answer;	/* of the map's server */
static int made;		/* threads; of main only */

static DWORD WINAPI
load(PVOID context)
{
	LONG *mark = context;
	int tab = (int)(mark - loaded);

	if (tab == MAP) {
		SetEvent(asked);
		await(answer);
	}
	printf("loaded: %s\n", names[tab]);
	InterlockedExchange(mark, TRUE);
	return 0;
}

static HANDLE
open_tab(int tab)
{
	HANDLE thread = CreateThread(NULL, 0, load, &loaded[tab], 0, NULL);

	must(thread != NULL, "CreateThread");
	made++;
	return thread;
}

static BOOL
is_loaded(int tab)
{
	return InterlockedCompareExchange(&loaded[tab], 0, 0);
}

int
main(void)
{
	HANDLE threads[TABS];

	asked = new_event(TRUE);
	answer = new_event(TRUE);
	threads[MAP] = open_tab(MAP);
	await(asked);
	for (int tab = NEWS; tab < TABS; tab++)
		threads[tab] = open_tab(tab);
	await(threads[NEWS]);
	must(is_loaded(NEWS), "the news is loaded");
	printf("news shown; map loaded: %s\n",
	    is_loaded(MAP) ? "yes" : "no");
	SetEvent(answer);
	for (int tab = 0; tab < TABS; tab++) {
		await(threads[tab]);
		CloseHandle(threads[tab]);
		must(is_loaded(tab), "every tab is loaded");
	}
	printf("threads made: %d\n", made);
	return 0;
}
