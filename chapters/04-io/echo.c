/* SPDX-License-Identifier: MIT */
/*
 * echo.c - what comes in by one pipe goes out by another
 *
 * One request is under way at any time, first a read, then a write of what
 * was read. The end of the first pipe ends it all.
 */
#include <string.h>

#include "pipes.h"
#include "stream.h"

struct echo {
	struct pipe in, out;
	PTP_IO in_io, out_io;
	OVERLAPPED request;
	char text[8];		/* what was read last */
	HANDLE over;		/* set when no more will come */
};

static void
read_some(struct echo *echo)
{
	echo->request = (OVERLAPPED){ 0 };
	StartThreadpoolIo(echo->in_io);
	if (ReadFile(echo->in.from, echo->text, sizeof(echo->text), NULL,
	    &echo->request) || GetLastError() == ERROR_IO_PENDING)
		return;
	CancelThreadpoolIo(echo->in_io);
	must(GetLastError() == ERROR_BROKEN_PIPE, "the end of the pipe");
	SetEvent(echo->over);
}

static VOID CALLBACK
has_read(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct echo *echo = context;

	(void)instance, (void)overlapped, (void)io;
	if (error == ERROR_BROKEN_PIPE) {
		SetEvent(echo->over);
		return;
	}
	must(error == NO_ERROR, "a read");
	echo->request = (OVERLAPPED){ 0 };
	StartThreadpoolIo(echo->out_io);
	must_be_made(WriteFile(echo->out.to, echo->text, (DWORD)bytes, NULL,
		&echo->request));
}

static VOID CALLBACK
has_written(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	(void)instance, (void)overlapped, (void)bytes, (void)io;
	must(error == NO_ERROR, "a write");
	read_some(context);
}

/* Sends a text, and reads until as many bytes have come back. */
static void
talk(struct echo *echo, const char *text)
{
	DWORD size = (DWORD)strlen(text), got = 0, bytes;
	char back[40] = "";

	put(echo->in.to, text, size);
	while (got < size) {
		OVERLAPPED request = { 0 };

		must_be_made(ReadFile(echo->out.from, back + got,
			(DWORD)sizeof(back) - 1 - got, NULL, &request));
		must(GetOverlappedResult(echo->out.from, &request, &bytes,
			TRUE), "GetOverlappedResult");
		got += bytes;
	}
	must(strcmp(text, back) == 0, "an echo");
	printf("echo: %s\n", back);
}

int
main(void)
{
	struct echo echo = { .in = new_pipe(), .out = new_pipe() };

	echo.over = new_event(TRUE);
	echo.in_io = new_io(echo.in.from, has_read, &echo, NULL);
	echo.out_io = new_io(echo.out.to, has_written, &echo, NULL);
	read_some(&echo);
	talk(&echo, "hello");
	talk(&echo, "a text that is longer than the buffer");
	CloseHandle(echo.in.to);
	await(echo.over);
	puts("main: the other side has closed, and the echo has ended");
	WaitForThreadpoolIoCallbacks(echo.in_io, FALSE);
	CloseThreadpoolIo(echo.in_io);
	WaitForThreadpoolIoCallbacks(echo.out_io, FALSE);
	CloseThreadpoolIo(echo.out_io);
	CloseHandle(echo.in.from);
	CloseHandle(echo.out.from);
	CloseHandle(echo.out.to);
	CloseHandle(echo.over);
	return 0;
}
