/* source.h - fetches bytes from a stream, each fetch into its own buffer */
/* SPDX-License-Identifier: MIT */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "threadpool.h"

struct source;

/*
 * What a fetch brings, on a thread of the pool; calls for different fetches
 * may come in any order, and at the same time.
 *
 *	argument, number	as they were given
 *	error			NO_ERROR, or what the request has ended with
 *	data, size		the bytes that have come, until it returns;
 *				size 0: none
 *
 * It may call source_fetch and source_cancel.
 */
typedef void source_done(void *argument, unsigned number, DWORD error,
	const char *data, size_t size);

/*
 * Takes over a stream, which was opened for overlapped I/O. NULL: no memory;
 * then it is still the caller's.
 */
struct source *source_open(HANDLE stream, PTP_CALLBACK_ENVIRON environment,
	source_done *done, void *argument);

/*
 * Fetches up to so many bytes, at least one. Returns at once; done is called
 * once. No other fetch of that number is under way. False: it has failed at
 * once, or the source is being closed, and done is not called.
 */
bool source_fetch(struct source *source, unsigned number, size_t size);

/*
 * Has the fetch of that number end soon, and no other. It still brings its
 * call of done, with ERROR_OPERATION_ABORTED, or as if nothing had happened
 * if it was too late. Does not wait. False: no such fetch is under way.
 */
bool source_cancel(struct source *source, unsigned number);

/*
 * Has all fetches end, and waits until each has, however long the device
 * takes. No call of done begins any more; when this returns, the last has
 * returned, the stream is closed, and all memory is freed. Is called once,
 * and not in done. Only done may still call source_fetch and source_cancel
 * meanwhile.
 */
void source_close(struct source *source);

/*
 * The device is the grader's. It has reads fail at once when a check says
 * so; and it may be slow to let go of a request that it was asked to end,
 * as CancelIoEx and CloseHandle allow. device_cancel looks at the OVERLAPPED
 * that it is given: it must still be there.
 */
BOOL device_read(HANDLE file, LPVOID buffer, DWORD size, LPDWORD bytes,
	LPOVERLAPPED overlapped);
BOOL device_cancel(HANDLE file, LPOVERLAPPED overlapped);
BOOL device_close(HANDLE file);

#ifndef SOURCE_SUITE
#define ReadFile device_read
#define CancelIoEx device_cancel
#define CloseHandle device_close
#endif

#endif /* SOURCE_H */
