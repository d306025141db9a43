/* no_cancel_on_success.c - a mutant: leaves an announcement open when a request ends well at once */
/* SPDX-License-Identifier: MIT */
/*
 * check: what_comes_is_sent_back
 * message: nothing runs any more
 */
#include <stdbool.h>
#include <stdlib.h>

#include "echo.h"

struct echo {
	HANDLE connection;
	PTP_IO io;
	CRITICAL_SECTION lock;
	bool closing;			/* guarded by lock */

	/* Of the one request; used by whoever makes it, or hears of it. */
	OVERLAPPED overlapped;
	char buffer[ECHO_SIZE];
	DWORD size;			/* bytes to write; 0: it reads */
	unsigned long long sent;
};

/* Makes the next request; true: it has ended well, and moved so much. */
static bool
request_locked(struct echo *echo, DWORD *bytes)
{
	BOOL ended;

	StartThreadpoolIo(echo->io);
	if (echo->size > 0)
		ended = WriteFile(echo->connection, echo->buffer, echo->size,
			bytes, &echo->overlapped);
	else
		ended = ReadFile(echo->connection, echo->buffer, ECHO_SIZE,
			bytes, &echo->overlapped);
	if (!ended && GetLastError() != ERROR_IO_PENDING)
		CancelThreadpoolIo(echo->io);
	return ended;
}

static bool
request(struct echo *echo, DWORD *bytes)
{
	bool ended;

	EnterCriticalSection(&echo->lock);
	ended = !echo->closing && request_locked(echo, bytes);
	LeaveCriticalSection(&echo->lock);
	return ended;
}

/* A request has ended well. False: the connection has ended. */
static bool
turn(struct echo *echo, DWORD bytes)
{
	if (echo->size > 0) {
		echo->sent += bytes;
		echo->size = 0;
		return true;
	}
	echo->size = bytes;
	return bytes > 0;
}

/* Goes on until a request is pending, or there is nothing more to do. */
static void
go_on(struct echo *echo)
{
	DWORD bytes;

	while (request(echo, &bytes) && turn(echo, bytes))
		;
}

static VOID CALLBACK
ended(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct echo *echo = context;

	(void)instance;
	(void)overlapped;
	(void)io;
	if (error == NO_ERROR && turn(echo, (DWORD)bytes))
		go_on(echo);
}

struct echo *
echo_open(HANDLE connection, PTP_CALLBACK_ENVIRON environment)
{
	struct echo *echo = calloc(1, sizeof(*echo));

	if (echo == NULL)
		return NULL;
	echo->connection = connection;
	echo->io = CreateThreadpoolIo(connection, ended, echo, environment);
	if (echo->io == NULL) {
		free(echo);
		return NULL;
	}
	SetFileCompletionNotificationModes(connection,
		FILE_SKIP_COMPLETION_PORT_ON_SUCCESS);
	InitializeCriticalSection(&echo->lock);
	go_on(echo);
	return echo;
}

unsigned long long
echo_close(struct echo *echo)
{
	unsigned long long sent;

	EnterCriticalSection(&echo->lock);
	echo->closing = true;
	LeaveCriticalSection(&echo->lock);
	CancelIoEx(echo->connection, NULL);
	WaitForThreadpoolIoCallbacks(echo->io, FALSE);
	CloseThreadpoolIo(echo->io);
	CloseHandle(echo->connection);
	sent = echo->sent;
	DeleteCriticalSection(&echo->lock);
	free(echo);
	return sent;
}
