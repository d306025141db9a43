/* SPDX-License-Identifier: MIT */
/*
 * mailbox.c - every letter has one owner, who frees it: whoever takes it
 *
 * explore: runs=2000
 */
#include "must.h"

enum { LETTERS = 3 };

struct letter {
	struct letter *next;
};

struct mailbox {
	CRITICAL_SECTION lock;
	struct letter *first;	/* those that nobody has taken */
	LONG delivered;
};

/* Who takes a letter owns it. NULL: there is none. */
static struct letter *
take(struct mailbox *box)
{
	struct letter *letter;

	EnterCriticalSection(&box->lock);
	letter = box->first;
	if (letter != NULL)
		box->first = letter->next;
	LeaveCriticalSection(&box->lock);
	return letter;
}

static void
put(struct mailbox *box)
{
	struct letter *letter = calloc(1, sizeof(*letter));

	must(letter != NULL, "calloc");
	EnterCriticalSection(&box->lock);
	letter->next = box->first;
	box->first = letter;
	LeaveCriticalSection(&box->lock);
}

static VOID CALLBACK
deliver(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct mailbox *box = context;
	struct letter *letter = take(box);

	(void)instance, (void)work;
	must(letter != NULL, "a letter for each post");
	InterlockedIncrement(&box->delivered);
	free(letter);
}

/* The work object is closed. What it has left is ours, and the box. */
static VOID CALLBACK
empty(PVOID context, PVOID cleanup_context)
{
	struct mailbox *box = context;
	LONG *all = cleanup_context;
	struct letter *letter;

	*all += box->delivered;
	while ((letter = take(box)) != NULL) {
		++*all;
		free(letter);
	}
	DeleteCriticalSection(&box->lock);
	free(box);
}

int
main(void)
{
	TP_CALLBACK_ENVIRON environment;
	PTP_CLEANUP_GROUP group = new_group(&environment, empty);
	struct mailbox *box = calloc(1, sizeof(*box));
	PTP_WORK postman = new_work(deliver, box, &environment);
	LONG all = 0;

	must(box != NULL, "calloc");
	InitializeCriticalSection(&box->lock);
	for (int i = 0; i < LETTERS; i++) {
		put(box);
		SubmitThreadpoolWork(postman);
	}
	CloseThreadpoolCleanupGroupMembers(group, TRUE, &all);
	CloseThreadpoolCleanupGroup(group);
	printf("%ld letters, each delivered or returned\n", (long)all);
	return 0;
}
