/* counts_what_it_reads.c - a mutant: counts bytes when they come */
/* SPDX-License-Identifier: MIT */
/*
 * check: close_returns_after_a_failure
 * message: 0 bytes were sent back, and echo_close said 8
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

static void
request_locked(struct echo *echo)
{
	BOOL ended;

	StartThreadpoolIo(echo->io);
	if (echo->size > 0)
		ended = WriteFile(echo->connection, echo->buffer, echo->size,
			NULL, &echo->overlapped);
	else
		ended = ReadFile(echo->connection, echo->buffer, ECHO_SIZE,
			NULL, &echo->overlapped);
	if (!ended && GetLastError() != ERROR_IO_PENDING)
		CancelThreadpoolIo(echo->io);
}

static void
request(struct echo *echo)
{
	EnterCriticalSection(&echo->lock);
	if (!echo->closing)
		request_locked(echo);
	LeaveCriticalSection(&echo->lock);
}

/* A request has ended well. False: the connection has ended. */
static bool
turn(struct echo *echo, DWORD bytes)
{
	if (echo->size > 0) {
		(void)bytes;
		echo->size = 0;
		return true;
	}
	echo->sent += bytes;
	echo->size = bytes;
	return bytes > 0;
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
		request(echo);
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
	InitializeCriticalSection(&echo->lock);
	request(echo);
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
