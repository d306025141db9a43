/* SPDX-License-Identifier: MIT */
/*
 * spelling_pool.c - the same words, each checked by a simple callback
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
static DWORD thread[WORDS];	/* which checked it */
static LONG left = WORDS;	/* not yet checked; Interlocked only */
static HANDLE all_checked;

static VOID CALLBACK
check(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct word *word = context;

	(void)instance;
	for (size_t i = 0; i < sizeof dictionary / sizeof *dictionary; i++)
		if (strcmp(word->text, dictionary[i]) == 0)
			word->known = TRUE;
	thread[word - words] = GetCurrentThreadId();
	if (InterlockedDecrement(&left) == 0)
		SetEvent(all_checked);
}

/* Has the word checked, and does not wait for it. */
static void
start_check(struct word *word)
{
	must(TrySubmitThreadpoolCallback(check, word, NULL),
	    "TrySubmitThreadpoolCallback");
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
	printf("fewer threads than words: %s\n",
	    different(thread, WORDS) < WORDS ? "yes" : "no");
	return 0;
}
