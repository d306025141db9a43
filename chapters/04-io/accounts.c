/* SPDX-License-Identifier: MIT */
/*
 * accounts.c - which announcement ends in a callback, and which in a cancel
 */
#include "pipes.h"
#include "stream.h"

static LONG callbacks;		/* Interlocked only */
static struct pipe ends;
static PTP_IO io;

static VOID CALLBACK
count(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO object)
{
	(void)instance, (void)context, (void)overlapped, (void)object;
	must(error == NO_ERROR && bytes == 1, "one byte");
	InterlockedIncrement(&callbacks);
}

/* Announces a read, makes it, settles the account, and waits. */
static void
account(const char *what, char *buffer, BOOL early, BOOL late, BOOL skip)
{
	OVERLAPPED request = { 0 };
	LONG before = callbacks, cancels = 0;
	BOOL ended;

	if (early)
		put(ends.to, "x", 1);
	StartThreadpoolIo(io);
	ended = ReadFile(ends.from, buffer, 1, NULL, &request);
	if (ended ? skip : GetLastError() != ERROR_IO_PENDING) {
		CancelThreadpoolIo(io);		/* no callback will come */
		cancels++;
	}
	if (late)
		put(ends.to, "x", 1);
	WaitForThreadpoolIoCallbacks(io, FALSE);
	printf("%-20s  %s  callbacks %ld, cancels %ld\n", what,
		ended ? "TRUE " : "FALSE", (long)(callbacks - before),
		(long)cancels);
}

int
main(void)
{
	char byte;

	ends = new_pipe();
	io = new_io(ends.from, count, NULL, NULL);
	account("fails at once", NULL, FALSE, FALSE, FALSE);
	account("pending", &byte, FALSE, TRUE, FALSE);
	account("ends at once", &byte, TRUE, FALSE, FALSE);
	must(SetFileCompletionNotificationModes(ends.from,
		FILE_SKIP_COMPLETION_PORT_ON_SUCCESS), "skip");
	account("skip, fails at once", NULL, FALSE, FALSE, TRUE);
	account("skip, pending", &byte, FALSE, TRUE, TRUE);
	account("skip, ends at once", &byte, TRUE, FALSE, TRUE);
	CloseThreadpoolIo(io);
	CloseHandle(ends.from);
	CloseHandle(ends.to);
	return 0;
}
