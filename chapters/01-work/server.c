/* SPDX-License-Identifier: MIT */
/*
 * server.c - main accepts requests, the pool answers them
 *
 * Each request is handed to a simple callback, and main is free for the
 * next at once. The first request is a slow one: its answer takes until all
 * the others have been accepted, and main is not held up by it.
 *
 * explore: one=5
 */
#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

enum { REQUESTS = 6 };

struct request {
	int number;
};

static HANDLE all_accepted, all_answered;
static LONG open_requests = 1;	/* and main's own; Interlocked only */

/* Ends the program unless ok. what: the call or promise that failed. */
static void
must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "failed: %s\n", what);
	exit(1);
}

/* One request less, or main has accepted the last. */
static void
one_less(void)
{
	if (InterlockedDecrement(&open_requests) == 0)
		SetEvent(all_answered);
}

static VOID CALLBACK
answer(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct request *request = context;

	(void)instance;
	if (request->number == 1)
		WaitForSingleObject(all_accepted, INFINITE);
	printf("request %d: answered\n", request->number);
	free(request);
	one_less();
}

static void
accept_request(int number)
{
	struct request *request = malloc(sizeof(*request));

	must(request != NULL, "malloc");
	request->number = number;
	InterlockedIncrement(&open_requests);
	if (TrySubmitThreadpoolCallback(answer, request, NULL))
		return;
	printf("request %d: refused\n", number);	/* it may fail */
	free(request);
	one_less();
}

int
main(void)
{
	all_accepted = CreateEvent(NULL, TRUE, FALSE, NULL);
	all_answered = CreateEvent(NULL, TRUE, FALSE, NULL);
	must(all_accepted != NULL && all_answered != NULL, "CreateEvent");
	for (int number = 1; number <= REQUESTS; number++)
		accept_request(number);
	printf("main: %d requests accepted\n", REQUESTS);
	SetEvent(all_accepted);
	one_less();
	WaitForSingleObject(all_answered, INFINITE);
	puts("main: all are answered");
	return 0;
}
