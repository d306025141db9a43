/* events.c - right: each fetch has an event, and a wait for it */
/* SPDX-License-Identifier: MIT */
/*
 * No I/O object: a request sets the event of its OVERLAPPED when it has
 * ended, and the pool waits for that. The callback has the fetch from then
 * on. Whoever closes waits until none is left, and what runs then, or is
 * still queued, sees that it is not wanted.
 */
#include <stdlib.h>

#include "source.h"

struct fetch {
	OVERLAPPED overlapped;
	struct source *source;
	PTP_WAIT wait;
	unsigned number;
	struct fetch *next;		/* guarded by the source's lock */
	char data[];
};

struct source {
	HANDLE stream;
	TP_CALLBACK_ENVIRON environment;
	source_done *done;
	void *argument;

	CRITICAL_SECTION lock;
	CONDITION_VARIABLE ended;	/* one left running */
	struct fetch *fetches;		/* under way; guarded by lock */
	unsigned left;			/* not freed yet; guarded by lock */
	bool closing;			/* guarded by lock */
};

struct source *
source_open(HANDLE stream, PTP_CALLBACK_ENVIRON environment,
	source_done *done, void *argument)
{
	struct source *source = calloc(1, sizeof(*source));

	if (source == NULL)
		return NULL;
	source->stream = stream;
	InitializeThreadpoolEnvironment(&source->environment);
	if (environment != NULL)
		source->environment = *environment;
	source->done = done;
	source->argument = argument;
	InitializeCriticalSection(&source->lock);
	InitializeConditionVariable(&source->ended);
	return source;
}

/* ---- A fetch ---- */

static void
remove_locked(struct source *source, const struct fetch *fetch)
{
	struct fetch **link = &source->fetches;

	while (*link != fetch)
		link = &(*link)->next;
	*link = fetch->next;
}

static void
fetch_free(struct fetch *fetch)
{
	if (fetch->wait != NULL)
		CloseThreadpoolWait(fetch->wait);
	if (fetch->overlapped.hEvent != NULL)
		CloseHandle(fetch->overlapped.hEvent);
	free(fetch);
}

static DWORD
result_of(struct fetch *fetch, DWORD *bytes)
{
	*bytes = 0;
	return GetOverlappedResult(fetch->source->stream, &fetch->overlapped,
		bytes, FALSE) ? NO_ERROR : GetLastError();
}

static VOID CALLBACK
ended(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct fetch *fetch = context;
	struct source *source = fetch->source;
	DWORD bytes, error = result_of(fetch, &bytes);
	bool wanted;

	(void)instance;
	(void)wait;
	(void)result;
	EnterCriticalSection(&source->lock);
	remove_locked(source, fetch);
	wanted = !source->closing;
	LeaveCriticalSection(&source->lock);
	if (wanted)
		source->done(source->argument, fetch->number, error,
			fetch->data, bytes);
	fetch_free(fetch);
	EnterCriticalSection(&source->lock);
	source->left--;
	WakeAllConditionVariable(&source->ended);
	LeaveCriticalSection(&source->lock);
}

static struct fetch *
fetch_new(struct source *source, unsigned number, size_t size)
{
	struct fetch *fetch = calloc(1, sizeof(*fetch) + size);

	if (fetch == NULL)
		return NULL;
	fetch->source = source;
	fetch->number = number;
	fetch->overlapped.hEvent = CreateEvent(NULL, TRUE, FALSE, NULL);
	fetch->wait = CreateThreadpoolWait(ended, fetch,
		&source->environment);
	if (fetch->overlapped.hEvent != NULL && fetch->wait != NULL)
		return fetch;
	fetch_free(fetch);
	return NULL;
}

/* Makes the request. False: it has failed at once. */
static bool
begin_locked(struct source *source, struct fetch *fetch, size_t size)
{
	if (source->closing || (!ReadFile(source->stream, fetch->data,
	    (DWORD)size, NULL, &fetch->overlapped) &&
	    GetLastError() != ERROR_IO_PENDING))
		return false;
	fetch->next = source->fetches;
	source->fetches = fetch;
	source->left++;
	SetThreadpoolWait(fetch->wait, fetch->overlapped.hEvent, NULL);
	return true;
}

bool
source_fetch(struct source *source, unsigned number, size_t size)
{
	struct fetch *fetch = fetch_new(source, number, size);
	bool begun;

	if (fetch == NULL)
		return false;
	EnterCriticalSection(&source->lock);
	begun = begin_locked(source, fetch, size);
	LeaveCriticalSection(&source->lock);
	if (!begun)
		fetch_free(fetch);
	return begun;
}

/* ---- Ends ---- */

bool
source_cancel(struct source *source, unsigned number)
{
	struct fetch *fetch;

	EnterCriticalSection(&source->lock);
	fetch = source->fetches;
	while (fetch != NULL && fetch->number != number)
		fetch = fetch->next;
	if (fetch != NULL)
		CancelIoEx(source->stream, &fetch->overlapped);
	LeaveCriticalSection(&source->lock);
	return fetch != NULL;
}

void
source_close(struct source *source)
{
	EnterCriticalSection(&source->lock);
	source->closing = true;
	CancelIoEx(source->stream, NULL);
	while (source->left > 0)
		SleepConditionVariableCS(&source->ended, &source->lock,
			INFINITE);
	LeaveCriticalSection(&source->lock);
	CloseHandle(source->stream);
	DeleteCriticalSection(&source->lock);
	free(source);
}
