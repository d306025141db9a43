/* SPDX-License-Identifier: MIT */
/*
 * pipe.c - a callback when a pipe can be read
 *
 * tp_open_readiness is this pool's own; Windows has no such descriptors.
 */
#include <poll.h>
#include <unistd.h>

#include "must.h"
#include "readiness.h"

static int ends[2];		/* of the pipe: read from 0, write to 1 */
static HANDLE readable;		/* signalled while there is something */
static HANDLE done;		/* auto-reset event */

static VOID CALLBACK
receive(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	char text[16];
	ssize_t length = read(ends[0], text, sizeof(text));

	(void)instance, (void)context;
	must(result == WAIT_OBJECT_0 && length >= 0, "read");
	if (length > 0) {
		printf("callback: %.*s\n", (int)length, text);
		SetThreadpoolWait(wait, readable, NULL);	/* again */
	} else {
		puts("callback: the other side has closed");
	}
	SetEvent(done);
}

int
main(void)
{
	PTP_WAIT wait = new_wait(receive, NULL, NULL);

	must(pipe(ends) == 0, "pipe");
	readable = tp_open_readiness(ends[0], POLLIN);
	must(readable != NULL, "tp_open_readiness");
	done = new_event(FALSE);
	SetThreadpoolWait(wait, readable, NULL);
	must(write(ends[1], "one", 3) == 3, "write");
	await(done);
	must(write(ends[1], "two", 3) == 3, "write");
	await(done);
	close(ends[1]);
	await(done);
	end(wait);
	CloseHandle(readable);
	CloseHandle(done);
	close(ends[0]);
	return 0;
}
