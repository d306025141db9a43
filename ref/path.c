/* path.c - files that are named by a path */
/* SPDX-License-Identifier: MIT */
/*
 * Paths are those of the system, with slashes. What Windows keeps about a
 * file and POSIX does not is accepted, and has no effect: who else may open
 * it at the same time (dwShareMode), and whether it is hidden.
 *
 * Interface: CreateFile, DeleteFile, CreatePipe.
 *
 * Locks: those of tp_file_new and tp_file_publish.
 */
#ifdef __linux__
#define _GNU_SOURCE		/* O_DIRECT, pipe2 */
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

/* A copy of the path, UTF-8; of none: an empty one, which names nothing. */
static char *
copy_path(LPCSTR path, LPCWSTR wide)
{
	return tp_copy_name(path == NULL && wide == NULL ? "" : path, wide);
}

/* ---- CreateFile ---- */

#define TRIES	10	/* if others make and delete the file meanwhile */

#define ATTRIBUTES	(FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN | \
	FILE_ATTRIBUTE_ARCHIVE | FILE_ATTRIBUTE_NORMAL |		\
	FILE_ATTRIBUTE_TEMPORARY)
#define FLAGS		(FILE_FLAG_WRITE_THROUGH | FILE_FLAG_OVERLAPPED | \
	FILE_FLAG_NO_BUFFERING | FILE_FLAG_RANDOM_ACCESS |		\
	FILE_FLAG_SEQUENTIAL_SCAN | FILE_FLAG_DELETE_ON_CLOSE)

/* How the file is opened; -1: the access makes no sense here. */
static int
access_flags(DWORD access)
{
	bool reads = (access & (GENERIC_READ | FILE_READ_DATA)) != 0;
	bool writes = (access & (GENERIC_WRITE | FILE_WRITE_DATA)) != 0;
	bool appends = !writes && (access & FILE_APPEND_DATA) != 0;
	int flags = reads ? O_RDONLY : 0;

	if (writes || appends)
		flags = reads ? O_RDWR : O_WRONLY;
	return flags | (appends ? O_APPEND : 0);
}

static int
flags_of(DWORD flags)
{
	int result = O_CLOEXEC | O_NOCTTY;

	if ((flags & FILE_FLAG_WRITE_THROUGH) != 0)
		result |= O_SYNC;
#ifdef O_DIRECT
	if ((flags & FILE_FLAG_NO_BUFFERING) != 0)
		result |= O_DIRECT;
#endif
	return result;
}

/*
 * Opens the file as if it were there, or not; -1 and errno. Who opens one end
 * of a named pipe waits for the other: a worker tells its pool.
 */
static int
open_at(const char *path, int flags, mode_t mode)
{
	int descriptor, number, before = tp_cancel_later();

	tp_blocking_begin();
	do
		descriptor = open(path, flags, mode);
	while (descriptor < 0 && errno == EINTR);
	number = errno;
	tp_blocking_end();
	tp_cancel_again(before);
	errno = number;
	return descriptor;
}

/* Does it make a file that is not there? */
static bool
makes(DWORD disposition)
{
	return disposition == CREATE_NEW || disposition == CREATE_ALWAYS ||
		disposition == OPEN_ALWAYS;
}

/*
 * Opens it, or makes it, as the disposition says; *existed: it was there.
 * Another process may make or delete it at the same moment: then which of
 * the two happened first is asked again. A link that leads nowhere is neither
 * there nor can it be made anew: at last it is followed, and the file made.
 */
static int
open_or_create(const char *path, int flags, mode_t mode, DWORD disposition,
	bool *existed)
{
	int truncate = disposition == CREATE_ALWAYS ||
		disposition == TRUNCATE_EXISTING ? O_TRUNC : 0;
	bool may_make = makes(disposition);
	int descriptor = -1, tries = 0;

	do {
		*existed = disposition != CREATE_NEW;
		if (*existed)
			descriptor = open_at(path, flags | truncate, mode);
		if (descriptor >= 0 || !may_make ||
		    (*existed && errno != ENOENT))
			break;
		*existed = false;
		descriptor = open_at(path, flags | O_CREAT |
			(++tries < TRIES || disposition == CREATE_NEW ?
			O_EXCL : truncate), mode);
	} while (descriptor < 0 && errno == EEXIST &&
	    disposition != CREATE_NEW);
	return descriptor;
}

/* What a program may expect of reads that come; a hint, no more. */
static void
advise(int descriptor, DWORD flags)
{
	if ((flags & FILE_FLAG_SEQUENTIAL_SCAN) != 0)
		(void)posix_fadvise(descriptor, 0, 0,
			POSIX_FADV_SEQUENTIAL);
	else if ((flags & FILE_FLAG_RANDOM_ACCESS) != 0)
		(void)posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM);
}

/*
 * A handle over the descriptor. The path is taken over, and *path NULL, if the
 * file goes with its handle: not before there is one.
 */
static HANDLE
publish(int descriptor, char **path, DWORD flags, DWORD *error)
{
	struct tp_file *file;
	struct stat status;
	HANDLE handle;

	if (fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
		*error = ERROR_ACCESS_DENIED;
		goto fail;
	}
	file = tp_file_new(descriptor, (flags & FILE_FLAG_OVERLAPPED) != 0,
		error);
	if (file == NULL)
		goto fail;
	handle = tp_file_publish(file);
	if (handle == NULL) {
		*error = ERROR_NOT_ENOUGH_MEMORY;
		goto fail;
	}
	if ((flags & FILE_FLAG_DELETE_ON_CLOSE) != 0) {
		file->doomed = *path;	/* nobody knows the handle yet */
		*path = NULL;
	}
	return handle;
fail:
	close(descriptor);
	return INVALID_HANDLE_VALUE;
}

/* Takes over the path, UTF-8; NULL: no memory. */
static HANDLE
create(char *path, DWORD access, const SECURITY_ATTRIBUTES *attributes,
	DWORD disposition, DWORD flags)
{
	mode_t mode = (flags & FILE_ATTRIBUTE_READONLY) != 0 ? 0444 : 0666;
	int how = access_flags(access) | flags_of(flags);
	HANDLE handle = INVALID_HANDLE_VALUE;
	DWORD error = NO_ERROR;
	bool existed = false;
	int descriptor;

	if (path == NULL || *path == '\0') {
		error = path == NULL ? ERROR_NOT_ENOUGH_MEMORY :
			ERROR_PATH_NOT_FOUND;
		goto out;
	}
	if (disposition < CREATE_NEW || disposition > TRUNCATE_EXISTING ||
	    (flags & ~(FLAGS | ATTRIBUTES)) != 0 ||
	    (disposition == TRUNCATE_EXISTING &&
	     (access & (GENERIC_WRITE | FILE_WRITE_DATA)) == 0) ||
	    (attributes != NULL && attributes->lpSecurityDescriptor != NULL)) {
		error = ERROR_INVALID_PARAMETER;
		goto out;
	}
	descriptor = open_or_create(path, how, mode, disposition, &existed);
	if (descriptor < 0) {
		/* What could be made but for its folder: that is missing. */
		error = errno == ENOENT && makes(disposition) ?
			ERROR_PATH_NOT_FOUND : tp_file_error(errno);
		goto out;
	}
	advise(descriptor, flags);
	handle = publish(descriptor, &path, flags, &error);
	if (handle != INVALID_HANDLE_VALUE && existed &&
	    (disposition == CREATE_ALWAYS || disposition == OPEN_ALWAYS))
		error = ERROR_ALREADY_EXISTS;
out:
	free(path);
	SetLastError(error);
	return handle;
}

/*
 * CreateFileA: opens a file, or makes one.
 *
 *	lpFileName		the path; also of a named pipe or a terminal
 *	dwDesiredAccess		GENERIC_READ, GENERIC_WRITE, FILE_APPEND_DATA
 *	dwShareMode		not looked at
 *	lpSecurityAttributes	NULL, or without descriptor
 *	dwCreationDisposition	CREATE_NEW: it must not be there;
 *				CREATE_ALWAYS: made or emptied;
 *				OPEN_EXISTING: it must be there;
 *				OPEN_ALWAYS: made if it is not there;
 *				TRUNCATE_EXISTING: it is there, and emptied
 *	dwFlagsAndAttributes	FILE_FLAG_OVERLAPPED: for requests that may
 *				be pending, and for CreateThreadpoolIo;
 *				other FILE_FLAG_ and FILE_ATTRIBUTE_ of
 *				win32.h, where POSIX has the like
 *	hTemplateFile		not looked at
 *
 * Returns:	a handle to close; the last error is 0 then, or
 *		ERROR_ALREADY_EXISTS after CREATE_ALWAYS or OPEN_ALWAYS.
 * Fails:	INVALID_HANDLE_VALUE; ERROR_FILE_NOT_FOUND,
 *		ERROR_PATH_NOT_FOUND, ERROR_ACCESS_DENIED (a directory, too),
 *		ERROR_FILE_EXISTS, ERROR_INVALID_PARAMETER,
 *		ERROR_TOO_MANY_OPEN_FILES, ERROR_NOT_ENOUGH_MEMORY.
 * Locks:	tp_waitable_lock.
 * Differs:	nobody is kept from opening it as well.
 */
HANDLE WINAPI
CreateFileA(LPCSTR lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
	LPSECURITY_ATTRIBUTES lpSecurityAttributes,
	DWORD dwCreationDisposition, DWORD dwFlagsAndAttributes,
	HANDLE hTemplateFile)
{
	(void)dwShareMode;
	(void)hTemplateFile;
	tp_check_process("CreateFile");
	return create(copy_path(lpFileName, NULL), dwDesiredAccess,
		lpSecurityAttributes, dwCreationDisposition,
		dwFlagsAndAttributes);
}

/* CreateFileW: CreateFileA, with a wide path. */
HANDLE WINAPI
CreateFileW(LPCWSTR lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
	LPSECURITY_ATTRIBUTES lpSecurityAttributes,
	DWORD dwCreationDisposition, DWORD dwFlagsAndAttributes,
	HANDLE hTemplateFile)
{
	(void)dwShareMode;
	(void)hTemplateFile;
	tp_check_process("CreateFile");
	return create(copy_path(NULL, lpFileName), dwDesiredAccess,
		lpSecurityAttributes, dwCreationDisposition,
		dwFlagsAndAttributes);
}

/* ---- DeleteFile ---- */

/* Takes over the path. */
static BOOL
delete(char *path)
{
	DWORD error = NO_ERROR;

	if (path == NULL)
		error = ERROR_NOT_ENOUGH_MEMORY;
	else if (unlink(path) != 0)
		error = *path == '\0' ? ERROR_PATH_NOT_FOUND :
			tp_file_error(errno);
	free(path);
	if (error != NO_ERROR)
		SetLastError(error);
	return error == NO_ERROR;
}

/*
 * DeleteFileA: takes the name of a file away; the file goes when the last
 * handle to it is closed.
 *
 * Fails:	FALSE; ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND,
 *		ERROR_ACCESS_DENIED (a directory, too).
 * Differs:	Windows keeps the name until the last handle is closed.
 */
BOOL WINAPI
DeleteFileA(LPCSTR lpFileName)
{
	return delete(copy_path(lpFileName, NULL));
}

/* DeleteFileW: DeleteFileA, with a wide path. */
BOOL WINAPI
DeleteFileW(LPCWSTR lpFileName)
{
	return delete(copy_path(NULL, lpFileName));
}

/* ---- CreatePipe ---- */

static bool
open_pipe(int ends[2])
{
#ifdef __linux__
	return pipe2(ends, O_CLOEXEC) == 0;
#else
	if (pipe(ends) != 0)
		return false;
	for (int i = 0; i < 2; i++)
		(void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
	return true;
#endif
}

/* A handle over one end, which is closed if there is none. */
static HANDLE
publish_end(int descriptor, DWORD *error)
{
	struct tp_file *file = tp_file_new(descriptor, false, error);
	HANDLE handle = file != NULL ? tp_file_publish(file) : NULL;

	if (handle == NULL) {
		*error = ERROR_NOT_ENOUGH_MEMORY;
		close(descriptor);
	}
	return handle;
}

/*
 * CreatePipe: an anonymous pipe: what is written to one end is read from the
 * other. Both block, as on Windows; for overlapped I/O open a pipe(), and
 * make handles of its ends by tp_open_descriptor.
 *
 *	hReadPipe, hWritePipe	receive handles to close
 *	lpPipeAttributes	NULL, or without descriptor
 *	nSize			a hint, not looked at
 *
 * Fails:	FALSE; ERROR_INVALID_PARAMETER, ERROR_TOO_MANY_OPEN_FILES,
 *		ERROR_NOT_ENOUGH_MEMORY.
 */
BOOL WINAPI
CreatePipe(PHANDLE hReadPipe, PHANDLE hWritePipe,
	LPSECURITY_ATTRIBUTES lpPipeAttributes, DWORD nSize)
{
	DWORD error = ERROR_INVALID_PARAMETER;
	HANDLE reader, writer;
	int ends[2];

	(void)nSize;
	if (lpPipeAttributes != NULL &&
	    lpPipeAttributes->lpSecurityDescriptor != NULL)
		goto fail;
	error = ERROR_TOO_MANY_OPEN_FILES;
	if (!open_pipe(ends))
		goto fail;
	reader = publish_end(ends[0], &error);
	writer = publish_end(ends[1], &error);
	if (reader != NULL && writer != NULL) {
		*hReadPipe = reader;
		*hWritePipe = writer;
		return TRUE;
	}
	if (reader != NULL)
		CloseHandle(reader);
	if (writer != NULL)
		CloseHandle(writer);
fail:
	SetLastError(error);
	return FALSE;
}
