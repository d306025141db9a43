/* frees_after_the_wait.c - a mutant: takes the end of the callbacks for that of the requests */
/* SPDX-License-Identifier: MIT */
/*
 * check: close_waits_for_what_is_under_way
 * message: Memory is used after it was freed
 * stage: schedules
 */
#include <stdlib.h>

#include "source.h"

struct fetch {
	OVERLAPPED overlapped;		/* first: the callback is given it */
	unsigned number;
	struct fetch *next;		/* guarded by the source's lock */
	char data[];
};

struct source {
	HANDLE stream;
	PTP_IO io;
	source_done *done;
	void *argument;

	CRITICAL_SECTION lock;
	struct fetch *fetches;		/* guarded by lock */
	bool closing;			/* guarded by lock */
};

static void
remove_locked(struct source *source, const struct fetch *fetch)
{
	struct fetch **link = &source->fetches;

	while (*link != fetch)
		link = &(*link)->next;
	*link = fetch->next;
}

static VOID CALLBACK
ended(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct source *source = context;
	struct fetch *fetch = overlapped;

	(void)instance;
	(void)io;
	EnterCriticalSection(&source->lock);
	remove_locked(source, fetch);
	LeaveCriticalSection(&source->lock);
	source->done(source->argument, fetch->number, error, fetch->data,
		bytes);
	free(fetch);
}

struct source *
source_open(HANDLE stream, PTP_CALLBACK_ENVIRON environment,
	source_done *done, void *argument)
{
	struct source *source = calloc(1, sizeof(*source));

	if (source == NULL)
		return NULL;
	source->stream = stream;
	source->done = done;
	source->argument = argument;
	source->io = CreateThreadpoolIo(stream, ended, source, environment);
	if (source->io == NULL) {
		free(source);
		return NULL;
	}
	InitializeCriticalSection(&source->lock);
	return source;
}

/* Makes the request. False: it has failed at once. */
static bool
begin_locked(struct source *source, struct fetch *fetch, size_t size)
{
	if (source->closing)
		return false;
	fetch->next = source->fetches;
	source->fetches = fetch;
	StartThreadpoolIo(source->io);
	if (ReadFile(source->stream, fetch->data, (DWORD)size, NULL,
	    &fetch->overlapped) || GetLastError() == ERROR_IO_PENDING)
		return true;
	CancelThreadpoolIo(source->io);
	remove_locked(source, fetch);
	return false;
}

bool
source_fetch(struct source *source, unsigned number, size_t size)
{
	struct fetch *fetch = calloc(1, sizeof(*fetch) + size);
	bool begun;

	if (fetch == NULL)
		return false;
	fetch->number = number;
	EnterCriticalSection(&source->lock);
	begun = begin_locked(source, fetch, size);
	LeaveCriticalSection(&source->lock);
	if (!begun)
		free(fetch);
	return begun;
}

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

/* No callback comes any more: what is left has nobody but us. */
static void
free_fetches(struct source *source)
{
	struct fetch *fetch;

	while ((fetch = source->fetches) != NULL) {
		source->fetches = fetch->next;
		free(fetch);
	}
}

void
source_close(struct source *source)
{
	EnterCriticalSection(&source->lock);
	source->closing = true;
	LeaveCriticalSection(&source->lock);
	WaitForThreadpoolIoCallbacks(source->io, TRUE);
	CancelIoEx(source->stream, NULL);
	free_fetches(source);
	CloseThreadpoolIo(source->io);
	CloseHandle(source->stream);
	DeleteCriticalSection(&source->lock);
	free(source);
}
