/* transfer.c - the system calls that move a program's bytes */
/* SPDX-License-Identifier: MIT */
/*
 * What a request asks for is done here, on whichever thread carries it out.
 * A call that was interrupted is made again; a short write goes on where it
 * stopped, so that a write ends when all of it is written, or in an error;
 * a short read is a success, since there may never be more.
 *
 * The end of a file is an error to whoever reads it, ERROR_HANDLE_EOF; that
 * of a pipe, whose writers are gone, ERROR_BROKEN_PIPE; that of a socket or
 * a terminal is none, but a success of 0 bytes, as on Windows (IO-24).
 *
 * Interface: tp_transfer, tp_file_error.
 *
 * Locks: none.
 */
#ifdef __linux__
#define _GNU_SOURCE		/* accept4 */
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "file.h"

/* An errno of the calls in this folder as the code that Win32 has for it. */
DWORD
tp_file_error(int number)
{
	static const struct {
		int number;
		DWORD error;
	} table[] = {
		{ EAGAIN, ERROR_IO_PENDING },
		{ EWOULDBLOCK, ERROR_IO_PENDING },
		{ ENOENT, ERROR_FILE_NOT_FOUND },
		{ ENOTDIR, ERROR_PATH_NOT_FOUND },
		{ ELOOP, ERROR_PATH_NOT_FOUND },
		{ ENAMETOOLONG, ERROR_FILENAME_EXCED_RANGE },
		{ EACCES, ERROR_ACCESS_DENIED },
		{ EPERM, ERROR_ACCESS_DENIED },
		{ EISDIR, ERROR_ACCESS_DENIED },
		{ EBADF, ERROR_ACCESS_DENIED },	/* not open for this */
		{ EROFS, ERROR_WRITE_PROTECT },
		{ EEXIST, ERROR_FILE_EXISTS },
		{ EMFILE, ERROR_TOO_MANY_OPEN_FILES },
		{ ENFILE, ERROR_TOO_MANY_OPEN_FILES },
		{ ENOMEM, ERROR_NOT_ENOUGH_MEMORY },
		{ ENOBUFS, ERROR_NOT_ENOUGH_MEMORY },
		{ ENOSPC, ERROR_DISK_FULL },
		{ EDQUOT, ERROR_DISK_FULL },
		{ EFBIG, ERROR_DISK_FULL },
		{ EINVAL, ERROR_INVALID_PARAMETER },
		{ ESPIPE, ERROR_INVALID_PARAMETER },
		{ EFAULT, ERROR_NOACCESS },
		{ EPIPE, ERROR_NO_DATA },
		{ ECONNRESET, ERROR_NETNAME_DELETED },
		{ ECONNABORTED, ERROR_CONNECTION_ABORTED },
		{ ECONNREFUSED, ERROR_CONNECTION_REFUSED },
		{ ENETUNREACH, ERROR_NETWORK_UNREACHABLE },
		{ EHOSTUNREACH, ERROR_HOST_UNREACHABLE },
		{ EADDRINUSE, ERROR_ADDRESS_ALREADY_ASSOCIATED },
		{ ETIMEDOUT, ERROR_SEM_TIMEOUT },
		{ ENOTSUP, ERROR_NOT_SUPPORTED },
		{ EOPNOTSUPP, ERROR_NOT_SUPPORTED }
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].number == number)
			return table[i].error;
	return ERROR_IO_DEVICE;
}

/* ---- Writing without a signal ---- */

/*
 * Whoever writes to a pipe that nobody reads gets an error here, and no
 * signal: it is kept from this thread, and taken back if the write has
 * raised it. One that was pending before is left alone.
 */
static ssize_t
write_quietly(int descriptor, const void *data, size_t size)
{
	const struct timespec at_once = { .tv_sec = 0 };
	sigset_t broken, before, pending;
	ssize_t n;
	int error;

	(void)sigemptyset(&broken);
	(void)sigaddset(&broken, SIGPIPE);
	(void)pthread_sigmask(SIG_BLOCK, &broken, &before);
	(void)sigpending(&pending);
	n = write(descriptor, data, size);
	error = errno;
	if (n < 0 && error == EPIPE && !sigismember(&pending, SIGPIPE))
		while (sigtimedwait(&broken, NULL, &at_once) < 0 &&
		    errno == EINTR)
			;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return n;
}

static ssize_t
write_some(const struct tp_request *request)
{
	const struct tp_file *file = request->file;
	const unsigned char *from = request->buffer + request->done;
	size_t size = request->size - request->done;

	if (request->positioned)
		return pwrite(file->descriptor, from, size,
			(off_t)(request->offset + request->done));
#ifdef MSG_NOSIGNAL
	if (file->is_socket)
		return send(file->descriptor, from, size, MSG_NOSIGNAL);
#endif
	return write_quietly(file->descriptor, from, size);
}

static DWORD
transfer_write(struct tp_request *request)
{
	do {
		ssize_t n = write_some(request);

		if (n < 0 && errno != EINTR)
			return tp_file_error(errno);
		if (n == 0 && request->size > 0)
			return ERROR_IO_DEVICE;	/* no system does this */
		if (n > 0)
			request->done += (size_t)n;
	} while (request->done < request->size);
	return NO_ERROR;
}

/* ---- Reading ---- */

/* What it means that nothing was read, though something was asked for. */
static DWORD
end_of_file(const struct tp_file *file)
{
	if (file->is_pipe)
		return ERROR_BROKEN_PIPE;
	return file->is_socket || isatty(file->descriptor) == 1 ? NO_ERROR :
		ERROR_HANDLE_EOF;
}

static DWORD
transfer_read(struct tp_request *request)
{
	const struct tp_file *file = request->file;
	ssize_t n;

	do {
		if (request->positioned)
			n = pread(file->descriptor, request->buffer,
				request->size, (off_t)request->offset);
		else
			n = read(file->descriptor, request->buffer,
				request->size);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return tp_file_error(errno);
	request->done = (size_t)n;
	return n == 0 && request->size > 0 ? end_of_file(file) : NO_ERROR;
}

/* ---- Accepting ---- */

/* A socket that programs started by this one do not inherit. */
static int
accept_quietly(int listener)
{
	int descriptor;

	do {
#ifdef __linux__
		descriptor = accept4(listener, NULL, NULL,
			SOCK_CLOEXEC | SOCK_NONBLOCK);
#else
		descriptor = accept(listener, NULL, NULL);
#endif
	} while (descriptor < 0 && errno == EINTR);
	return descriptor;
}

static DWORD
transfer_accept(struct tp_request *request)
{
	int descriptor = accept_quietly(request->file->descriptor);
	DWORD error;

	if (descriptor < 0)
		return tp_file_error(errno);
	error = tp_file_adopt(request->connection, descriptor);
	if (error != NO_ERROR)
		close(descriptor);
	return error;
}

/* See file.h. */
DWORD
tp_transfer(struct tp_request *request)
{
	int before = tp_cancel_later();
	DWORD error;

	switch (request->operation) {
	case TP_READ:
		error = transfer_read(request);
		break;
	case TP_WRITE:
		error = transfer_write(request);
		break;
	default:
		error = transfer_accept(request);
		break;
	}
	tp_cancel_again(before);
	return error;
}
