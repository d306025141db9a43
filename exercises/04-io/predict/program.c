/* program.c - one request, one account */
/* SPDX-License-Identifier: MIT */
/*
 * What is due? Each account has a connection of its own: two streams of a
 * socket pair, ours and the other end (B has a pipe: there the end of the
 * other end is an error). Except in J the program announces the request
 * before it makes it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stream.h"

#include "program.h"

#define SIZE 8

static HANDLE ours, other;
static PTP_IO io;
static char buffer[SIZE], former_buffer[SIZE];
static OVERLAPPED request, former;	/* former: that of K, in L */
static OVERLAPPED others;		/* of the other end's writes */
static volatile LONG calls;		/* for request */

static void
must(BOOL ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s failed\n", what);
	exit(1);
}

static VOID CALLBACK
callback(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO object)
{
	(void)instance;
	(void)context;
	(void)error;
	(void)bytes;
	(void)object;
	if (overlapped == &request)
		InterlockedIncrement(&calls);
}

static void
connect_ends(enum letter letter)
{
	int ends[2], result;

	result = letter == B ? pipe(ends) :
		socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
	must(result == 0, "socketpair");
	ours = tp_open_descriptor(ends[0], FILE_FLAG_OVERLAPPED);
	other = tp_open_descriptor(ends[1], FILE_FLAG_OVERLAPPED);
	must(ours != NULL && other != NULL, "tp_open_descriptor");
}

/* ---- The other end ---- */

/* It comes: as much as is asked for. There is room for it at once. */
static void
comes(void)
{
	must(WriteFile(other, "12345678", SIZE, NULL, &others), "WriteFile");
}

static void
goes_away(void)
{
	CloseHandle(other);
	other = NULL;
}

static DWORD WINAPI
come_meanwhile(PVOID unused)
{
	(void)unused;
	place(BEFORE_WRITE);
	comes();
	place(AFTER_WRITE);
	return 0;
}

/* ---- Our end ---- */

static enum result
result_of(BOOL ok)
{
	if (ok)
		return ENDED;
	return GetLastError() == ERROR_IO_PENDING ? PENDING : FAILED;
}

static enum result
make(enum letter letter)
{
	BOOL ok;

	if (letter == F)
		ok = WriteFile(ours, "12345678", SIZE, NULL, &request);
	else
		ok = ReadFile(ours, letter == E ? NULL : buffer, SIZE, NULL,
			&request);
	return result_of(ok);
}

void
take_back(void)
{
	CancelThreadpoolIo(io);
}

/* A read that is pending, whose announcement is taken back by a wait. */
static void
read_and_forget(char *into, OVERLAPPED *overlapped)
{
	StartThreadpoolIo(io);
	must(!ReadFile(ours, into, SIZE, NULL, overlapped) &&
		GetLastError() == ERROR_IO_PENDING, "ReadFile");
	WaitForThreadpoolIoCallbacks(io, TRUE);
}

/* What happens before the request. */
static void
begin(enum letter letter)
{
	if (letter == G || letter == H || letter == I)
		must(SetFileCompletionNotificationModes(ours,
			FILE_SKIP_COMPLETION_PORT_ON_SUCCESS),
			"SetFileCompletionNotificationModes");
	if (letter == D || letter == G)
		comes();
	if (letter == F)
		goes_away();
	if (letter == L)
		read_and_forget(former_buffer, &former);
}

/* What happens after it. */
static void
end(enum letter letter)
{
	if (letter == A || letter == H || letter == J || letter == L)
		comes();
	if (letter == L)
		comes();		/* for the second read */
	if (letter == B)
		goes_away();
	if (letter == C)
		must(CancelIoEx(ours, &request), "CancelIoEx");
	if (letter == K) {
		WaitForThreadpoolIoCallbacks(io, TRUE);
		comes();
	}
}

static void
play(enum letter letter)
{
	HANDLE thread = NULL;
	enum result result;

	begin(letter);
	if (letter == I) {
		thread = CreateThread(NULL, 0, come_meanwhile, NULL, 0, NULL);
		must(thread != NULL, "CreateThread");
	}
	if (letter != J)
		StartThreadpoolIo(io);
	place(BEFORE_READ);
	result = make(letter);
	place(AFTER_READ);
	if (takes_back(letter, result))
		take_back();
	end(letter);
	if (thread != NULL) {
		must(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0,
			"WaitForSingleObject");
		CloseHandle(thread);
	}
	WaitForThreadpoolIoCallbacks(io, FALSE);
	tells(letter, result,
		(unsigned)InterlockedCompareExchange(&calls, 0, 0));
}

/* Whatever is still under way: its memory is ours until it has ended. */
static void
await_end(OVERLAPPED *overlapped)
{
	DWORD bytes;

	(void)GetOverlappedResult(ours, overlapped, &bytes, TRUE);
}

void
program(enum letter letter)
{
	static const OVERLAPPED zero;
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environment;

	must(pool != NULL, "CreateThreadpool");
	SetThreadpoolThreadMaximum(pool, 1);
	must(SetThreadpoolThreadMinimum(pool, 1),
		"SetThreadpoolThreadMinimum");
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	request = former = others = zero;
	InterlockedExchange(&calls, 0);
	connect_ends(letter);
	io = CreateThreadpoolIo(ours, callback, NULL, &environment);
	must(io != NULL, "CreateThreadpoolIo");

	play(letter);

	await_end(&request);
	await_end(&former);
	CloseThreadpoolIo(io);
	CloseHandle(ours);
	if (other != NULL)
		CloseHandle(other);
	DestroyThreadpoolEnvironment(&environment);
	CloseThreadpool(pool);
}
