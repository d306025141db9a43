/* SPDX-License-Identifier: MIT */
/*
 * spelling_threads.c - every word that is typed, checked on its own thread
 *
 * explore: native
 */
#include "must.h"

enum { WORDS = 600 };

struct word {
	const char *text;
	BOOL known;
};

static const char *const dictionary[] = {
	"a", "can", "pool", "read", "thread", "you"
};
static const char *const typed[] = {
	"a", "thread", "pool", "you", "can", "raed"
};
static struct word words[WORDS];
static LONG left = WORDS;	/* not yet checked; Interlocked only */
static HANDLE all_checked;
static int threads;		/* made; of main only */

static DWORD WINAPI
check(PVOID context)
{
	struct word *word = context;

	for (size_t i = 0; i < sizeof dictionary / sizeof *dictionary; i++)
		if (strcmp(word->text, dictionary[i]) == 0)
			word->known = TRUE;
	if (InterlockedDecrement(&left) == 0)
		SetEvent(all_checked);
	return 0;
}

/* Has the word checked, and does not wait for it. */
static void
start_check(struct word *word)
{
	HANDLE thread = CreateThread(NULL, 0, check, word, 0, NULL);

	must(thread != NULL, "CreateThread");
	CloseHandle(thread);
	threads++;
}

int
main(void)
{
	int unknown = 0;

	all_checked = new_event(TRUE);
	for (int i = 0; i < WORDS; i++) {
		words[i].text = typed[i % 6];
		start_check(&words[i]);
	}
	await(all_checked);
	for (int i = 0; i < WORDS; i++)
		unknown += !words[i].known;
	must(unknown == WORDS / 6, "one unknown word in six");
	printf("%d words checked, %d unknown\n", WORDS, unknown);
	printf("threads made: %d\n", threads);
	return 0;
}
