/* SPDX-License-Identifier: MIT */
/*
 * search_pool.c - the same 640 documents, searched by the pool
 *
 * One work object, submitted 640 times. Each callback takes the
 * next document.
 */
#include "must.h"

enum { DOCUMENTS = 640 };

static BOOL found[DOCUMENTS];		/* each written by one callback */
static DWORD thread[DOCUMENTS];		/* which ran it; likewise */
static LONG next;			/* by InterlockedIncrement only */

/* Does this document contain the word? */
static BOOL
search(int document)
{
	char text[64];

	snprintf(text, sizeof text, "%d times %d is %d", document, document,
	    document * document);
	return strstr(text, "77") != NULL;
}

static VOID CALLBACK
search_next(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	int document = (int)InterlockedIncrement(&next) - 1;

	(void)instance, (void)context, (void)work;
	found[document] = search(document);
	thread[document] = GetCurrentThreadId();
}

int
main(void)
{
	PTP_WORK work = CreateThreadpoolWork(search_next, NULL, NULL);
	int hits = 0;

	must(work != NULL, "CreateThreadpoolWork");
	for (int i = 0; i < DOCUMENTS; i++)
		SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	for (int i = 0; i < DOCUMENTS; i++) {
		must(found[i] == search(i), "the right answer");
		hits += found[i];
	}
	printf("%d documents searched, %d hits\n", DOCUMENTS, hits);
	printf("fewer threads than documents: %s\n",
	    different(thread, DOCUMENTS) < DOCUMENTS ? "yes" : "no");
	return 0;
}
