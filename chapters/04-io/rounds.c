/* SPDX-License-Identifier: MIT */
/*
 * rounds.c - a request of before a wait with TRUE, and one of after it
 *
 * explore: runs=2000
 */
#include "pipes.h"
#include "stream.h"

struct read {
	OVERLAPPED request;	/* first: the callback is given this */
	char letter;
	LONG callbacks;		/* Interlocked only */
};

static struct pipe ends;

static VOID CALLBACK
ended(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct read *read = overlapped;

	(void)instance, (void)context, (void)io;
	must(error == NO_ERROR && bytes == 1, "a letter");
	InterlockedIncrement(&read->callbacks);
}

static DWORD WINAPI
write_two(PVOID context)
{
	(void)context;
	put(ends.to, "x", 1);
	put(ends.to, "y", 1);
	return 0;
}

static void
read_one(PTP_IO io, struct read *read)
{
	StartThreadpoolIo(io);
	must_be_made(ReadFile(ends.from, &read->letter, 1, NULL,
		&read->request));
}

int
main(void)
{
	struct read before = { .callbacks = 0 }, after = { .callbacks = 0 };
	HANDLE thread;
	DWORD bytes;
	PTP_IO io;

	ends = new_pipe();
	io = new_io(ends.from, ended, NULL, NULL);
	thread = CreateThread(NULL, 0, write_two, NULL, 0, NULL);
	must(thread != NULL, "CreateThread");
	read_one(io, &before);
	WaitForThreadpoolIoCallbacks(io, TRUE);
	read_one(io, &after);
	WaitForThreadpoolIoCallbacks(io, FALSE);
	must(before.callbacks <= 1 && after.callbacks == 1,
		"a callback for the request of after it");
	must(GetOverlappedResult(ends.from, &before.request, &bytes, TRUE),
		"the first request has ended, too");
	must(before.letter == 'x' && after.letter == 'y', "the letters");
	puts("main: the second request has had its callback");
	await(thread);
	CloseThreadpoolIo(io);
	CloseHandle(thread);
	CloseHandle(ends.from);
	CloseHandle(ends.to);
	return 0;
}
