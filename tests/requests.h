/* requests.h - what the suites of overlapped I/O have in common */
/* SPDX-License-Identifier: MIT */
/*
 * A request has its OVERLAPPED, a buffer, and room for what its callback was
 * told: so a test can say of each that it was told once, and what. An ear is
 * the context of an I/O object: it counts callbacks, and may hold them back
 * at a gate.
 *
 * What is read from a pipe or a pair of sockets that is empty is pending
 * until something is written; what is asked of a file on disk may end at any
 * time. Both are opened here.
 *
 * The poller stays open once there has been a stream, and with io_uring the
 * ring: io_case has both opened before what a test leaves behind is counted.
 * Suites that repeat others with another poller or back end (PARTS) define
 * POLLER or BACK_END.
 *
 * Everything here is inline: a suite takes what it needs.
 */
#ifndef REQUESTS_H
#define REQUESTS_H

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"

#include "../ref/pool.h"
#include "../ref/stream.h"

#ifndef POLLER
#define POLLER		"epoll"
#endif
#ifndef BACK_END
#define BACK_END	"threads"
#endif

/* ---- Streams and files ---- */

static inline HANDLE
adopt(int descriptor)
{
	HANDLE handle = tp_open_descriptor(descriptor, FILE_FLAG_OVERLAPPED);

	ck_assert_ptr_nonnull(handle);
	return handle;
}

/* A pipe: what is written to ends[1] is read from ends[0]. */
static inline void
open_pipe(HANDLE ends[2])
{
	int descriptors[2];

	ck_assert_int_eq(pipe(descriptors), 0);
	ends[0] = adopt(descriptors[0]);
	ends[1] = adopt(descriptors[1]);
}

/* Two sockets that are connected. */
static inline void
open_pair(HANDLE ends[2])
{
	int descriptors[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, descriptors), 0);
	ends[0] = adopt(descriptors[0]);
	ends[1] = adopt(descriptors[1]);
}

static inline void
close_ends(const HANDLE ends[2])
{
	ck_assert(CloseHandle(ends[0]));
	ck_assert(CloseHandle(ends[1]));
}

/* Closes what is in use; the warning of that is not for the eyes. */
static inline void
close_anyway(HANDLE handle)
{
	int errors = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY);

	ck_assert_int_eq(dup2(nowhere, STDERR_FILENO), STDERR_FILENO);
	close(nowhere);
	ck_assert(CloseHandle(handle));
	ck_assert_int_eq(dup2(errors, STDERR_FILENO), STDERR_FILENO);
	close(errors);
}

/* An empty file that goes with its handle; flags: more FILE_FLAG_s. */
static inline HANDLE
open_file(DWORD flags)
{
	char path[] = "build/requests.XXXXXX";
	HANDLE handle;

	close(mkstemp(path));
	handle = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL,
		OPEN_EXISTING, flags | FILE_FLAG_DELETE_ON_CLOSE, NULL);
	ck_assert(handle != INVALID_HANDLE_VALUE);
	return handle;
}

/* ---- Requests ---- */

struct request {
	OVERLAPPED overlapped;		/* first: the callback finds the rest */
	char buffer[64];

	/* What the callback was told. */
	LONG volatile calls;
	ULONG error;
	ULONG_PTR bytes;
	DWORD thread;
	PTP_IO io;
};

/* A read that is pending. */
static inline void
begin_read(HANDLE handle, struct request *request)
{
	ck_assert(!ReadFile(handle, request->buffer, sizeof(request->buffer),
		NULL, &request->overlapped));
	ck_assert_uint_eq(GetLastError(), ERROR_IO_PENDING);
}

static inline void
announce_read(PTP_IO io, HANDLE handle, struct request *request)
{
	StartThreadpoolIo(io);
	begin_read(handle, request);
}

/* A write of a text to a stream that has room for it. */
static inline void
put_text(HANDLE handle, const char *text)
{
	OVERLAPPED overlapped = { 0 };
	DWORD bytes = 0;

	ck_assert(WriteFile(handle, text, (DWORD)strlen(text), &bytes,
		&overlapped));
	ck_assert_uint_eq(bytes, strlen(text));
}

/* How it has ended, after waiting for that; *bytes: moved. */
static inline DWORD
outcome(HANDLE handle, OVERLAPPED *overlapped, DWORD *bytes)
{
	return GetOverlappedResult(handle, overlapped, bytes, TRUE) ?
		NO_ERROR : GetLastError();
}

/* A request that was made like this has begun, and has not failed. */
static inline void
assert_begun(BOOL done)
{
	ck_assert(done || GetLastError() == ERROR_IO_PENDING);
}

/* It ends like this; bytes: so many were moved. */
static inline void
assert_outcome(HANDLE handle, struct request *request, DWORD error,
	DWORD bytes)
{
	DWORD moved = 0xDEAD;

	ck_assert_uint_eq(outcome(handle, &request->overlapped, &moved),
		error);
	ck_assert_uint_eq(moved, bytes);
}

/* All of a text into a file on disk, or what is in it; both wait. */
static inline void
write_at(HANDLE file, DWORD offset, const char *text)
{
	struct request request = { .overlapped = { .Offset = offset } };

	assert_begun(WriteFile(file, text, (DWORD)strlen(text), NULL,
		&request.overlapped));
	assert_outcome(file, &request, NO_ERROR, (DWORD)strlen(text));
}

/* ---- I/O objects ---- */

struct ear {
	struct tally calls;
	struct gate *gate;	/* callbacks wait there; NULL: none */
};

#define EAR_INIT { .calls = TALLY_INIT }

/* Its context is an ear; what it was made with is the start of a request. */
static inline VOID CALLBACK
hear(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct ear *ear = context;
	struct request *request = overlapped;

	(void)instance;
	request->error = error;
	request->bytes = bytes;
	request->thread = GetCurrentThreadId();
	request->io = io;
	InterlockedIncrement(&request->calls);
	if (ear->gate != NULL)
		gate_wait(ear->gate);
	tally_add(&ear->calls);
}

/* environ: may be NULL. */
static inline PTP_IO
io_object(HANDLE handle, struct ear *ear, PTP_CALLBACK_ENVIRON environ)
{
	PTP_IO io = CreateThreadpoolIo(handle, hear, ear, environ);

	ck_assert_ptr_nonnull(io);
	return io;
}

static inline LONG
calls_of(struct request *request)
{
	return InterlockedCompareExchange(&request->calls, 0, 0);
}

/* Its callback has run once, and was told this. */
static inline void
assert_told(struct request *request, DWORD error, ULONG_PTR bytes)
{
	ck_assert_int_eq(calls_of(request), 1);
	ck_assert_uint_eq(request->error, error);
	ck_assert_uint_eq(request->bytes, bytes);
}

/* Waits until nothing is announced; then so many callbacks have run. */
static inline void
assert_heard(PTP_IO io, struct ear *ear, unsigned long calls)
{
	WaitForThreadpoolIoCallbacks(io, FALSE);
	ck_assert_uint_eq(tally_read(&ear->calls), calls);
}

/* ---- Looking inside ---- */

/* An I/O object begins with the callback object that the engine counts. */
static inline bool
io_has_waiter(void *io)
{
	struct tp_object *object = io;
	bool found;

	tp_lock(&object->pool->lock);
	found = !tp_list_empty(&object->waiters) || object->idler != NULL;
	tp_unlock(&object->pool->lock);
	return found;
}

/*
 * For await: has what was made since been freed? Usually so at once; but any
 * thread that drops the lock may be the one that frees.
 */
static inline bool
is_freed(void *before)
{
	return live_allocations() <= *(unsigned long *)before;
}

/* ---- Cases ---- */

static inline void
open_io(void)
{
	HANDLE ends[2];

	setenv("TP_POLLER", POLLER, 1);
	setenv("TP_IO", BACK_END, 1);
	open_pair(ends);
	close_ends(ends);
	ck_assert_str_eq(tp_io_back_end(), BACK_END);
	harness_keep_descriptors();
}

/* A case of the suite whose tests may open streams and files. */
static inline TCase *
io_case(Suite *suite, const char *name)
{
	TCase *tcase = harness_case(suite, name);

	harness_add_fixture(tcase, open_io, NULL);
	return tcase;
}

#endif /* REQUESTS_H */
