/* SPDX-License-Identifier: MIT */
/*
 * pump.c - each callback makes the next request, until somebody ends it
 *
 * explore: runs=2000
 */
#include "pipes.h"
#include "stream.h"

struct pump {
	OVERLAPPED request;
	HANDLE from;
	char letter;
	LONG closing;				/* Interlocked only */
	LONG announced, called, taken_back;	/* one callback at a time */
};

/* Makes the next request, unless it sees that there shall be none. */
static void
next_request(struct pump *pump, PTP_IO io)
{
	if (InterlockedCompareExchange(&pump->closing, 0, 0))
		return;
	pump->request = (OVERLAPPED){ 0 };
	pump->announced++;
	StartThreadpoolIo(io);
	if (ReadFile(pump->from, &pump->letter, 1, NULL, &pump->request) ||
	    GetLastError() == ERROR_IO_PENDING)
		return;
	must(GetLastError() == ERROR_INVALID_HANDLE, "it is closed");
	CancelThreadpoolIo(io);
	pump->taken_back++;
}

static VOID CALLBACK
ended(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct pump *pump = context;

	(void)instance, (void)overlapped, (void)bytes;
	pump->called++;
	if (error == NO_ERROR)
		next_request(pump, io);
}

/* When this returns, nothing uses the pump any more, or ever will. */
static void
shut_down(struct pump *pump, PTP_IO io)
{
	InterlockedExchange(&pump->closing, TRUE);
	(void)CancelIoEx(pump->from, NULL);
	CloseHandle(pump->from);
	WaitForThreadpoolIoCallbacks(io, FALSE);
	CloseThreadpoolIo(io);
}

int
main(void)
{
	struct pump *pump = calloc(1, sizeof(*pump));
	struct pipe pipe = new_pipe();
	PTP_IO io;

	must(pump != NULL, "calloc");
	pump->from = pipe.from;
	io = new_io(pipe.from, ended, pump, NULL);
	next_request(pump, io);
	put(pipe.to, "xyz", 3);
	shut_down(pump, io);
	must(pump->announced == pump->called + pump->taken_back,
		"each announcement is paid");
	free(pump);
	CloseHandle(pipe.to);
	puts("main: the pump has ended, and its account balances");
	return 0;
}
