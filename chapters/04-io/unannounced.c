/* SPDX-License-Identifier: MIT */
/*
 * unannounced.c - a request that nobody has announced, and one that was
 *
 * On Windows, do not try the first.
 */
#include "pipes.h"
#include "stream.h"

static VOID CALLBACK
report(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	(void)instance, (void)io;
	must(error == NO_ERROR && bytes == 1, "one byte");
	printf("callback: the %s request\n", overlapped == context ?
		"announced" : "other");
}

int
main(void)
{
	OVERLAPPED announced = { 0 }, other = { 0 };
	struct pipe pipe = new_pipe();
	PTP_IO io = new_io(pipe.from, report, &announced, NULL);
	char letters[2];
	DWORD bytes;

	must_be_made(ReadFile(pipe.from, &letters[0], 1, NULL, &other));
	StartThreadpoolIo(io);
	must_be_made(ReadFile(pipe.from, &letters[1], 1, NULL, &announced));
	put(pipe.to, "xy", 2);
	WaitForThreadpoolIoCallbacks(io, FALSE);
	must(GetOverlappedResult(pipe.from, &other, &bytes, TRUE) &&
		bytes == 1, "the other one was carried out, too");
	printf("main: read %.2s\n", letters);
	CloseThreadpoolIo(io);
	CloseHandle(pipe.from);
	CloseHandle(pipe.to);
	return 0;
}
