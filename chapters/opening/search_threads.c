/* SPDX-License-Identifier: MIT */
/*
 * search_threads.c - 640 documents searched, a thread for each
 *
 * One call waits for at most 64 handles, so the documents are searched 64
 * at a time.
 *
 * explore: native
 */
#include "must.h"

enum { BATCH = MAXIMUM_WAIT_OBJECTS, DOCUMENTS = 10 * BATCH };

static BOOL found[DOCUMENTS];		/* each written by one thread */
static int threads, waits;		/* of main only */

/* Does this document contain the word? */
static BOOL
search(int document)
{
	char text[64];

	snprintf(text, sizeof text, "%d times %d is %d", document, document,
	    document * document);
	return strstr(text, "77") != NULL;
}

static DWORD WINAPI
search_one(PVOID context)
{
	BOOL *result = context;

	*result = search((int)(result - found));
	return 0;
}

/* Searches the documents from first on, as many as one call waits for. */
static void
search_batch(int first)
{
	HANDLE batch[BATCH];

	for (int i = 0; i < BATCH; i++) {
		batch[i] = CreateThread(NULL, 0, search_one,
		    &found[first + i], 0, NULL);
		must(batch[i] != NULL, "CreateThread");
		threads++;
	}
	must(WaitForMultipleObjects(BATCH, batch, TRUE, INFINITE)
	    == WAIT_OBJECT_0, "WaitForMultipleObjects");
	waits++;
	for (int i = 0; i < BATCH; i++)
		CloseHandle(batch[i]);
}

int
main(void)
{
	int hits = 0;

	for (int i = 0; i < DOCUMENTS; i += BATCH)
		search_batch(i);
	for (int i = 0; i < DOCUMENTS; i++) {
		must(found[i] == search(i), "the right answer");
		hits += found[i];
	}
	printf("%d documents searched, %d hits\n", DOCUMENTS, hits);
	printf("threads made: %d, calls that waited: %d\n", threads, waits);
	return 0;
}
