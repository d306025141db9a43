/* SPDX-License-Identifier: MIT */
/*
 * cancel.c - one of two requests is cancelled, and the other goes on
 */
#include "pipes.h"
#include "stream.h"

struct read {
	OVERLAPPED request;	/* first: the callback is given this */
	const char *name;
	char letter;
};

static VOID CALLBACK
ended(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct read *read = overlapped;

	(void)instance, (void)context, (void)io;
	if (error == ERROR_OPERATION_ABORTED)
		printf("the %s was cancelled, %lu bytes\n", read->name,
			(unsigned long)bytes);
	else
		printf("the %s has read %c\n", read->name, read->letter);
}

int
main(void)
{
	struct read first = { .name = "first" }, second = { .name = "second" };
	struct pipe pipe = new_pipe();
	PTP_IO io = new_io(pipe.from, ended, NULL, NULL);

	StartThreadpoolIo(io);
	must_be_made(ReadFile(pipe.from, &first.letter, 1, NULL,
		&first.request));
	StartThreadpoolIo(io);
	must_be_made(ReadFile(pipe.from, &second.letter, 1, NULL,
		&second.request));
	must(CancelIoEx(pipe.from, &first.request), "CancelIoEx");
	put(pipe.to, "x", 1);
	WaitForThreadpoolIoCallbacks(io, FALSE);
	must(!CancelIoEx(pipe.from, &second.request) &&
		GetLastError() == ERROR_NOT_FOUND, "nothing left to cancel");
	puts("main: nothing is left to cancel");
	CloseThreadpoolIo(io);
	CloseHandle(pipe.from);
	CloseHandle(pipe.to);
	return 0;
}
