/* SPDX-License-Identifier: MIT */
/*
 * last_word.c - one function that follows every callback
 *
 * Three objects of one environment, which names a finalization callback: the
 * context of each is freed there, whatever its callback has done.
 */
#include "must.h"

struct letter {
	const char *to;
	HANDLE sent;
};

static VOID CALLBACK
post(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct letter *letter = context;

	SetEventWhenCallbackReturns(instance, letter->sent);
	if (letter->to == NULL)
		return;			/* no address */
	printf("posted: %s\n", letter->to);
}

static VOID CALLBACK
shred(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct letter *letter = context;

	(void)instance;
	must(!is_set(letter->sent), "first this, then the event");
	printf("freed:  %s\n", letter->to == NULL ? "-" : letter->to);
	free(letter);
}

int
main(void)
{
	static const char *const to[] = { "Ada", NULL, "Edsger" };
	TP_CALLBACK_ENVIRON environment;

	InitializeThreadpoolEnvironment(&environment);
	TpSetCallbackFinalizationCallback(&environment, shred);
	for (int i = 0; i < 3; i++) {
		struct letter *letter = calloc(1, sizeof(*letter));
		HANDLE sent = new_event();

		must(letter != NULL, "calloc");
		*letter = (struct letter){ to[i], sent };
		must(TrySubmitThreadpoolCallback(post, letter,
			&environment), "TrySubmitThreadpoolCallback");
		await(sent);
		CloseHandle(sent);
	}
	return 0;
}
