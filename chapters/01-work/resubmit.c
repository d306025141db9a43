/* SPDX-License-Identifier: MIT */
/*
 * resubmit.c - a callback posts its own object; one wait covers it all
 *
 * main submits once and waits once. Each callback but the last submits the
 * object again before it returns, so at no moment is the object quiet.
 */
#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

enum { ROUNDS = 10 };

/* Ends the program unless ok. what: the call or promise that failed. */
static void
must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "failed: %s\n", what);
	exit(1);
}

static VOID CALLBACK
beat(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	LONG *beats = context;

	(void)instance;
	/* The next may run from the submit on: nothing is touched after. */
	if (++*beats < ROUNDS)
		SubmitThreadpoolWork(work);
}

int
main(void)
{
	LONG beats = 0;
	PTP_WORK heart = CreateThreadpoolWork(beat, &beats, NULL);

	must(heart != NULL, "CreateThreadpoolWork");
	SubmitThreadpoolWork(heart);
	WaitForThreadpoolWorkCallbacks(heart, FALSE);
	CloseThreadpoolWork(heart);
	must(beats == ROUNDS, "the wait covered every round");
	printf("submitted once by main; beats when the wait returned: %ld\n",
		(long)beats);
	return 0;
}
