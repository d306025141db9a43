/* SPDX-License-Identifier: MIT */
/*
 * early_free.c - a request that is freed when its callback is cancelled
 *
 * explore: must=misuse
 */
#include "pipes.h"
#include "stream.h"

struct read {
	OVERLAPPED request;
	char text[16];
};

static VOID CALLBACK
ended(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	(void)instance, (void)context, (void)overlapped;
	(void)error, (void)bytes, (void)io;
}

int
main(void)
{
	struct read *read = calloc(1, sizeof(*read));
	struct pipe pipe = new_pipe();
	PTP_IO io = new_io(pipe.from, ended, NULL, NULL);
	HANDLE over = new_event(TRUE);		/* set at the end */

	must(read != NULL, "calloc");
	read->request.hEvent = over;
	StartThreadpoolIo(io);
	must_be_made(ReadFile(pipe.from, read->text, 16, NULL,
		&read->request));
	WaitForThreadpoolIoCallbacks(io, TRUE);	/* no callback will come */
	free(read);				/* and so nobody uses it? */
	CloseThreadpoolIo(io);
	put(pipe.to, "hello", 5);
	await(over);
	CloseHandle(over);
	CloseHandle(pipe.from);
	CloseHandle(pipe.to);
	return 0;
}
