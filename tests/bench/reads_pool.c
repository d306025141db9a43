/*
 * reads_pool.c - reads by an I/O object: this pool's, or Wine's
 * SPDX-License-Identifier: MIT
 *
 * The callback of a read makes the next one, as programs do. TP_IO in the
 * environment says who carries reads out; asked for what there is not, the
 * program says so by status 3.
 */

#include <stdlib.h>
#include <string.h>

#include "threadpool.h"
#ifndef _WIN32
#include "stream.h"
#endif

#include "bench.h"
#include "reads.h"

/* What a request needs beside its slot. */
struct request {
	OVERLAPPED overlapped;		/* first: it is found by this */
	struct reads_slot *slot;
};

static HANDLE file;
static PTP_IO io;

static void
start(struct request *request)
{
	struct reads_slot *slot = request->slot;

	memset(&request->overlapped, 0, sizeof(request->overlapped));
	request->overlapped.Offset = (DWORD)slot->offset;
	StartThreadpoolIo(io);
	if (!ReadFile(file, slot->buffer, READS_BLOCK, NULL,
		&request->overlapped) && GetLastError() != ERROR_IO_PENDING)
		bench_fail("ReadFile failed");
}

static VOID CALLBACK
ended(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
    ULONG error, ULONG_PTR bytes, PTP_IO unused)
{
	struct request *request = overlapped;

	(void)instance;
	(void)context;
	(void)unused;
	if (error != NO_ERROR)
		bench_fail("a read has failed");
	if (reads_next(request->slot, (long)bytes))
		start(request);
}

void
reads_run(const char *path, struct reads_slot *slots)
{
	static struct request requests[READS_DEPTH];

	file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL,
	    OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
	if (file == INVALID_HANDLE_VALUE)
		bench_fail("CreateFile failed");
#ifndef _WIN32
	if (getenv("TP_IO") != NULL &&
	    strcmp(getenv("TP_IO"), tp_io_back_end()) != 0)
		exit(3);
#endif
	io = CreateThreadpoolIo(file, ended, NULL, NULL);
	if (io == NULL)
		bench_fail("CreateThreadpoolIo failed");
	for (int i = 0; i < READS_DEPTH; i++) {
		requests[i].slot = &slots[i];
		start(&requests[i]);
	}
	WaitForThreadpoolIoCallbacks(io, FALSE);
	CloseThreadpoolIo(io);
	CloseHandle(file);
}
