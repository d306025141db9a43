/* SPDX-License-Identifier: MIT */
/*
 * request.c - when may a callback's context be freed?
 *
 * The second breakage of chapter 00, on this pool. The callback has no sign to
 * give: the wait returns when the callback has returned.
 *
 * explore: runs=2000
 */
#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

struct request {
	int answer;
};

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
compute(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct request *request = context;

	(void)instance, (void)work;
	request->answer = 42;
	printf("callback: the answer will be %d\n", request->answer);
}

int
main(void)
{
	struct request *request = calloc(1, sizeof(*request));
	PTP_WORK work = CreateThreadpoolWork(compute, request, NULL);

	must(request && work, "request and work");
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	printf("main: the answer is %d\n", request->answer);
	CloseThreadpoolWork(work);
	free(request);
	return 0;
}
