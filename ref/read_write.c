/* read_write.c - ReadFile and WriteFile, and what goes with them */
/* SPDX-License-Identifier: MIT */
/*
 * One function for two things. Of a handle that was opened for overlapped
 * I/O, ReadFile makes a request, which may go on after it has returned; of
 * any other it reads, and blocks until that is done. The parameters are the
 * same, and so programs mix the two up: an OVERLAPPED is a must for the
 * first, and for the second only says where.
 *
 * Interface: ReadFile, WriteFile, FlushFileBuffers, GetFileSizeEx,
 * SetFilePointerEx, SetEndOfFile.
 *
 * Locks: tp_waitable_lock, but around no system call.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

/* ---- Reading and writing ---- */

static uint64_t
offset_of(const OVERLAPPED *overlapped)
{
	return (uint64_t)overlapped->OffsetHigh << 32 | overlapped->Offset;
}

/* Carries the request out, however long it takes. A worker tells its pool. */
static DWORD
transfer_blocking(struct tp_request *request)
{
	struct pollfd one = {
		.fd = request->file->descriptor,
		.events = request->operation == TP_READ ? POLLIN : POLLOUT
	};
	DWORD error;

	tp_blocking_begin();
	while ((error = tp_transfer(request)) == ERROR_IO_PENDING)
		(void)tp_poll(&one, 1, TP_FOREVER);
	tp_blocking_end();
	return error;
}

/* With an offset, the file's own position is moved behind what was done. */
static DWORD
move_blocking(struct tp_file *file, struct tp_request *request,
	OVERLAPPED *overlapped)
{
	DWORD error;

	request->file = file;
	request->positioned = overlapped != NULL &&
		lseek(file->descriptor, 0, SEEK_CUR) >= 0;
	if (request->positioned)
		request->offset = offset_of(overlapped);
	error = transfer_blocking(request);
	if (request->positioned && error == NO_ERROR)
		(void)lseek(file->descriptor,
			(off_t)(request->offset + request->done), SEEK_SET);
	if (overlapped != NULL) {
		overlapped->Internal = error;
		overlapped->InternalHigh = request->done;
	} else if (error == ERROR_HANDLE_EOF) {
		error = NO_ERROR;	/* 0 bytes say it */
	}
	return error;
}

/* Both calls; request is on the stack, and copied if it goes on. */
static BOOL
move(HANDLE handle, const struct tp_request *what, DWORD *moved,
	OVERLAPPED *overlapped)
{
	struct tp_request here = *what, *request = NULL;
	struct tp_file *file;
	DWORD error;

	if (moved != NULL)
		*moved = 0;
	file = tp_file_use_blocking(handle, &error);
	if (file != NULL) {
		error = what->buffer == NULL && what->size > 0 ?
			ERROR_NOACCESS :
			move_blocking(file, &here, overlapped);
		if (moved != NULL)
			*moved = (DWORD)here.done;
		tp_file_unuse(file);
	} else if (error == NO_ERROR) {
		tp_check_fork(what->operation == TP_READ ? "ReadFile" :
			"WriteFile", handle);
		error = ERROR_NOT_ENOUGH_MEMORY;
		request = tp_request_new(what->operation);
	}
	if (request != NULL) {
		request->buffer = what->buffer;
		request->size = what->size;
		error = tp_request_issue(request, handle, overlapped, moved);
	}
	if (error != NO_ERROR)
		SetLastError(error);
	return error == NO_ERROR;
}

/*
 * ReadFile: reads. With a handle of FILE_FLAG_OVERLAPPED it makes a request,
 * which the system may finish later; buffer and OVERLAPPED belong to the
 * request until it has ended.
 *
 *	hFile			the file
 *	lpBuffer		where to; NULL only for 0 bytes
 *	nNumberOfBytesToRead	bytes, at most
 *	lpNumberOfBytesRead	receives how many it was, if it has ended
 *				when this returns, else 0; may be NULL
 *	lpOverlapped		the request, zeroed but for the offset and
 *				hEvent; the offset counts for files on disk
 *				only (KOBJ-23). Of a handle that is not
 *				overlapped: NULL, or where to read
 *
 * Returns:	TRUE: it has ended, and well. Fewer bytes than asked for are
 *		no error. A socket whose other side writes no more: 0 bytes.
 * Fails:	FALSE; ERROR_IO_PENDING: it goes on, and nothing is wrong;
 *		ERROR_HANDLE_EOF behind the end of a file (of a handle that is
 *		not overlapped, without OVERLAPPED: TRUE, and 0 bytes),
 *		ERROR_BROKEN_PIPE if nobody has the other end,
 *		ERROR_INVALID_HANDLE (the event's, too), ERROR_NOACCESS,
 *		ERROR_INVALID_PARAMETER (no OVERLAPPED), ERROR_ACCESS_DENIED
 *		(not open for reading), ERROR_NETNAME_DELETED (the
 *		connection is lost), ERROR_IO_DEVICE,
 *		ERROR_NOT_ENOUGH_MEMORY.
 * Locks:	tp_waitable_lock, not while it reads.
 * Source:	KOBJ-20, -23, IO-05, -07, -24, -27.
 * Differs:	a write at the offset of all ones does not append: open the
 *		file with FILE_APPEND_DATA.
 */
BOOL WINAPI
ReadFile(HANDLE hFile, LPVOID lpBuffer, DWORD nNumberOfBytesToRead,
	LPDWORD lpNumberOfBytesRead, LPOVERLAPPED lpOverlapped)
{
	struct tp_request what = {
		.operation = TP_READ, .buffer = lpBuffer,
		.size = nNumberOfBytesToRead
	};

	return move(hFile, &what, lpNumberOfBytesRead, lpOverlapped);
}

/*
 * WriteFile: writes. It ends when all is written, or in an error; bytes that
 * were written before the error are counted.
 *
 *	lpBuffer		where from
 *	nNumberOfBytesToWrite	bytes
 *	and the others		as for ReadFile
 *
 * Fails:	as ReadFile; ERROR_NO_DATA if nobody can read any more,
 *		ERROR_DISK_FULL.
 * Locks, source: as ReadFile.
 */
BOOL WINAPI
WriteFile(HANDLE hFile, LPCVOID lpBuffer, DWORD nNumberOfBytesToWrite,
	LPDWORD lpNumberOfBytesWritten, LPOVERLAPPED lpOverlapped)
{
	/* Nothing is written to where a write comes from. */
	struct tp_request what = {
		.operation = TP_WRITE,
		.buffer = (unsigned char *)(uintptr_t)lpBuffer,
		.size = nNumberOfBytesToWrite
	};

	return move(hFile, &what, lpNumberOfBytesWritten, lpOverlapped);
}

/* ---- Other things that programs do with a file ---- */

/* Ends the use of a file; the result of a function, and its last error. */
static BOOL
done(struct tp_file *file, bool good)
{
	DWORD error = good ? NO_ERROR : tp_file_error(errno);

	tp_file_unuse(file);
	if (!good)
		SetLastError(error);
	return good;
}

/*
 * FlushFileBuffers: waits until what was written is on the disk. Requests
 * that have not ended are not waited for.
 *
 * Fails:	FALSE; ERROR_INVALID_HANDLE, ERROR_IO_DEVICE,
 *		ERROR_DISK_FULL. A pipe or a socket has nothing to flush: TRUE.
 * Locks:	none while it waits; a worker tells its pool.
 */
BOOL WINAPI
FlushFileBuffers(HANDLE hFile)
{
	struct tp_file *file = tp_file_use(hFile);
	int result, before;

	if (file == NULL)
		return FALSE;
	tp_blocking_begin();
	before = tp_cancel_later();	/* it is in use */
	do
		result = fsync(file->descriptor);
	while (result != 0 && errno == EINTR);
	tp_cancel_again(before);
	tp_blocking_end();
	return done(file, result == 0 || errno == EINVAL);
}

/*
 * GetFileSizeEx: the size of a file on disk, in bytes.
 *
 * Fails:	FALSE; ERROR_INVALID_HANDLE; ERROR_INVALID_FUNCTION: it has
 *		none.
 */
BOOL WINAPI
GetFileSizeEx(HANDLE hFile, PLARGE_INTEGER lpFileSize)
{
	struct tp_file *file = tp_file_use(hFile);
	struct stat status;
	bool good;

	if (file == NULL)
		return FALSE;
	good = fstat(file->descriptor, &status) == 0;
	if (good && !S_ISREG(status.st_mode)) {
		tp_file_unuse(file);
		SetLastError(ERROR_INVALID_FUNCTION);
		return FALSE;
	}
	if (good)
		lpFileSize->QuadPart = status.st_size;
	return done(file, good);
}

/*
 * SetFilePointerEx: moves the file's own position, which reads and writes
 * without OVERLAPPED use.
 *
 *	liDistanceToMove	bytes; may be negative
 *	lpNewFilePointer	receives the new position; may be NULL
 *	dwMoveMethod		from FILE_BEGIN, FILE_CURRENT or FILE_END
 *
 * Fails:	FALSE; ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER,
 *		ERROR_NEGATIVE_SEEK.
 */
BOOL WINAPI
SetFilePointerEx(HANDLE hFile, LARGE_INTEGER liDistanceToMove,
	PLARGE_INTEGER lpNewFilePointer, DWORD dwMoveMethod)
{
	static const int methods[] = { SEEK_SET, SEEK_CUR, SEEK_END };
	struct tp_file *file;
	off_t position;

	if (dwMoveMethod > FILE_END) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return FALSE;
	}
	file = tp_file_use(hFile);
	if (file == NULL)
		return FALSE;
	position = lseek(file->descriptor, (off_t)liDistanceToMove.QuadPart,
		methods[dwMoveMethod]);
	if (position < 0 && errno == EINVAL) {
		tp_file_unuse(file);
		SetLastError(ERROR_NEGATIVE_SEEK);
		return FALSE;
	}
	if (position >= 0 && lpNewFilePointer != NULL)
		lpNewFilePointer->QuadPart = position;
	return done(file, position >= 0);
}

/*
 * SetEndOfFile: has the file end at its own position: cuts it, or lengthens
 * it by zeros.
 *
 * Fails:	FALSE; ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER (no file
 *		on disk, or not open for writing), ERROR_DISK_FULL.
 */
BOOL WINAPI
SetEndOfFile(HANDLE hFile)
{
	struct tp_file *file = tp_file_use(hFile);
	off_t position;

	if (file == NULL)
		return FALSE;
	position = lseek(file->descriptor, 0, SEEK_CUR);
	return done(file, position >= 0 &&
		ftruncate(file->descriptor, position) == 0);
}
