/* SPDX-License-Identifier: MIT */
/*
 * shutdown.c - the end of an I/O object with ten reads under way
 *
 * explore: runs=1000
 */
#include "pipes.h"
#include "stream.h"

enum { READS = 10 };

struct read {
	OVERLAPPED request;	/* first: the callback is given this */
	char letter;
};

static LONG read_so_far, aborted;	/* Interlocked only */

static VOID CALLBACK
ended(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct read *read = overlapped;

	(void)instance, (void)context, (void)io;
	if (error == ERROR_OPERATION_ABORTED)
		InterlockedIncrement(&aborted);
	else
		InterlockedExchangeAdd(&read_so_far, (LONG)bytes);
	free(read);
}

/* When this returns, nothing of the file and its requests is left. */
static void
shut_down(HANDLE file, PTP_IO io)
{
	(void)CancelIoEx(file, NULL);		/* all may have ended */
	CloseHandle(file);
	WaitForThreadpoolIoCallbacks(io, FALSE);
	CloseThreadpoolIo(io);
}

int
main(void)
{
	struct pipe pipe = new_pipe();
	PTP_IO io = new_io(pipe.from, ended, NULL, NULL);

	for (int i = 0; i < READS; i++) {
		struct read *read = calloc(1, sizeof(*read));

		must(read != NULL, "calloc");
		StartThreadpoolIo(io);
		must_be_made(ReadFile(pipe.from, &read->letter, 1, NULL,
			&read->request));
	}
	put(pipe.to, "xy", 2);
	shut_down(pipe.from, io);
	CloseHandle(pipe.to);
	must(read_so_far + aborted == READS, "a callback for each");
	must(read_so_far <= 2, "nothing was read twice");
	printf("callbacks: %ld\n", (long)(read_so_far + aborted));
	return 0;
}
