/* SPDX-License-Identifier: MIT */
/*
 * double_free.c - the callback frees its letter, and so does the cancel
 * callback
 *
 * explore: must=misuse brief
 */
#include "must.h"

enum { LETTERS = 2 };

static VOID CALLBACK
deliver(PTP_CALLBACK_INSTANCE instance, PVOID letter, PTP_WORK work)
{
	(void)instance, (void)work;
	free(letter);
}

static VOID CALLBACK
cancelled(PVOID letter, PVOID cleanup_context)
{
	(void)cleanup_context;
	free(letter);		/* it was not delivered, was it? */
}

int
main(void)
{
	TP_CALLBACK_ENVIRON environment;
	PTP_CLEANUP_GROUP group = new_group(&environment, cancelled);

	for (int i = 0; i < LETTERS; i++) {
		char *letter = malloc(100);

		must(letter != NULL, "malloc");
		SubmitThreadpoolWork(new_work(deliver, letter,
			&environment));
	}
	CloseThreadpoolCleanupGroupMembers(group, TRUE, NULL);
	CloseThreadpoolCleanupGroup(group);
	return 0;
}
