/* wrap_transfer.c - reading from descriptors and writing to them */
/* SPDX-License-Identifier: MIT */
/*
 * A call that may block is a step that waits until the kernel says that the
 * descriptor is ready (wrap_io.c); then the real call does not block. What
 * cannot block is a step as well, if another thread may see it: a read that
 * does not block, a shutdown. Regular files are no step.
 *
 * A blocking write of much to a pipe or a stream goes in pieces of PIPE_BUF
 * bytes, each a step: for so many there is room when the kernel says that
 * one may write. A system may let other writers in between, so this does.
 *
 * The bytes are accesses to the program's memory, which the compiler does
 * not see: a buffer that somebody else uses meanwhile is a race, and one
 * that was freed is misuse.
 *
 * Each of these calls may be made to fail, if the program has exposed the
 * descriptor (faults.c): it is interrupted, or finds nothing, or moves half
 * of the bytes, or ends in an error, and the real call is not made.
 *
 * Not seen at all: readv and writev, recvmsg and sendmsg, splice, stdio.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.h"

ssize_t __real_read(int, void *, size_t);
ssize_t __wrap_read(int, void *, size_t);
ssize_t __real_write(int, const void *, size_t);
ssize_t __wrap_write(int, const void *, size_t);
ssize_t __real_pread(int, void *, size_t, off_t);
ssize_t __wrap_pread(int, void *, size_t, off_t);
ssize_t __real_pwrite(int, const void *, size_t, off_t);
ssize_t __wrap_pwrite(int, const void *, size_t, off_t);
ssize_t __real_recv(int, void *, size_t, int);
ssize_t __wrap_recv(int, void *, size_t, int);
ssize_t __real_send(int, const void *, size_t, int);
ssize_t __wrap_send(int, const void *, size_t, int);
int __real_accept(int, struct sockaddr *, socklen_t *);
int __wrap_accept(int, struct sockaddr *, socklen_t *);
int __real_accept4(int, struct sockaddr *, socklen_t *, int);
int __wrap_accept4(int, struct sockaddr *, socklen_t *, int);
int __real_fsync(int);
int __wrap_fsync(int);
int __real_shutdown(int, int);
int __wrap_shutdown(int, int);
int __real_close(int);
int __wrap_close(int);
int __real_eventfd_read(int, eventfd_t *);
int __wrap_eventfd_read(int, eventfd_t *);
int __real_eventfd_write(int, eventfd_t);
int __wrap_eventfd_write(int, eventfd_t);

/* ---- What kind of call it is ---- */

enum manner {
	PRIVATE,		/* a file, an error: no thread waits for it */
	AT_ONCE,		/* never blocks */
	WHOLE,			/* blocks; a message, or a few bytes */
	STREAM			/* blocks; bytes without bounds */
};

static bool
is_stream(int socket)
{
	socklen_t size = sizeof(int);
	int type;

	return getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
		type == SOCK_STREAM;
}

/* useless: the access mode in which the call fails, O_RDONLY or O_WRONLY. */
static enum manner
manner_of(int descriptor, int useless)
{
	int flags = fcntl(descriptor, F_GETFL);
	struct stat status;

	if (flags < 0 || (flags & O_ACCMODE) == useless ||
	    fstat(descriptor, &status) != 0 || S_ISREG(status.st_mode) ||
	    S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode))
		return PRIVATE;
	if ((flags & O_NONBLOCK) != 0)
		return AT_ONCE;
	if (S_ISFIFO(status.st_mode) ||
	    (S_ISSOCK(status.st_mode) && is_stream(descriptor)))
		return STREAM;
	return WHOLE;
}

static bool
is_of_type(int descriptor, mode_t type)
{
	struct stat status;

	return fstat(descriptor, &status) == 0 &&
		(status.st_mode & S_IFMT) == type;
}

/* ---- What may go wrong ---- */

/* A message, or the number in an eventfd, is whole or is not at all. */
static bool
may_be_short(int descriptor)
{
	return is_of_type(descriptor, S_IFREG) ||
		is_of_type(descriptor, S_IFIFO) || is_stream(descriptor);
}

/* In a call that moves so many bytes, or none: a bit for each. */
static unsigned
faults_of(enum xp_kind kind, int descriptor, enum manner manner, size_t size)
{
	unsigned faults = xp_bit(EXPLORE_EINTR);

	if (manner == AT_ONCE)
		faults |= xp_bit(EXPLORE_EAGAIN);
	if (size > 1 && may_be_short(descriptor))
		faults |= xp_bit(EXPLORE_SHORT);
	if (kind != XP_ACCEPT)
		faults |= xp_bit(EXPLORE_EIO);
	if (kind == XP_WRITE && is_of_type(descriptor, S_IFREG))
		faults |= xp_bit(EXPLORE_ENOSPC);
	if (manner != PRIVATE && is_of_type(descriptor, S_IFSOCK))
		faults |= xp_bit(EXPLORE_ECONNRESET);
	return faults;
}

/* The errno of it; 0: the call is not refused. */
static int
error_of(enum explore_fault fault, enum xp_kind kind)
{
	switch (fault) {
	case EXPLORE_EINTR:
		return EINTR;
	case EXPLORE_EAGAIN:
		return EAGAIN;
	case EXPLORE_EIO:
		return EIO;
	case EXPLORE_ENOSPC:
		return ENOSPC;
	case EXPLORE_ECONNRESET:
		return kind == XP_ACCEPT ? ECONNABORTED : ECONNRESET;
	default:
		return 0;
	}
}

/*
 * The step before a call. Fewer bytes are left in *size if it is to be a
 * short one. False: it fails, and errno says how. Who is to fail or to be
 * served less need not wait for anything.
 */
static bool
step(enum xp_kind kind, int descriptor, enum manner manner, size_t *size)
{
	struct pollfd one = { .fd = descriptor,
		.events = kind == XP_WRITE ? POLLOUT : POLLIN };
	enum explore_fault fault = !xp_io_exposed(descriptor) ?
		EXPLORE_FAULTS : xp_io_fault(descriptor,
		faults_of(kind, descriptor, manner, *size));
	int error = error_of(fault, kind);
	bool waits = manner == WHOLE || manner == STREAM;

	if (manner != PRIVATE || fault != EXPLORE_FAULTS)
		(void)xp_await(kind, &one, 1, waits && error == 0 ?
			XP_FOREVER : 0, fault == EXPLORE_FAULTS ? 0 :
			1 + (uintptr_t)fault);
	if (fault == EXPLORE_SHORT)
		*size /= 2;
	errno = error;
	return error == 0;
}

/* ---- Reading ---- */

/* After the real call: its bytes, and whatever came before them. */
static ssize_t
has_read(void *buffer, ssize_t n, enum manner manner, uintptr_t caller)
{
	int error = errno;

	if (n >= 0 && manner != PRIVATE)
		xp_io_acquire();
	if (n > 0)
		xp_access(buffer, (size_t)n, true, caller);
	errno = error;
	return n;
}

static ssize_t
explored_read(int descriptor, void *buffer, size_t size, uintptr_t caller)
{
	enum manner manner = manner_of(descriptor, O_WRONLY);

	if (!step(XP_READ, descriptor, manner, &size))
		return -1;
	return has_read(buffer, __real_read(descriptor, buffer, size),
		manner, caller);
}

ssize_t
__wrap_read(int descriptor, void *buffer, size_t size)
{
	return xp_active() && size > 0 ?
		explored_read(descriptor, buffer, size, XP_HERE) :
		__real_read(descriptor, buffer, size);
}

ssize_t
__wrap_pread(int descriptor, void *buffer, size_t size, off_t offset)
{
	if (!xp_active() || size == 0)
		return __real_pread(descriptor, buffer, size, offset);
	if (!step(XP_READ, descriptor, PRIVATE, &size))
		return -1;
	return has_read(buffer, __real_pread(descriptor, buffer, size,
		offset), PRIVATE, XP_HERE);
}

ssize_t
__wrap_recv(int descriptor, void *buffer, size_t size, int flags)
{
	enum manner manner;

	if (!xp_active() || size == 0)
		return __real_recv(descriptor, buffer, size, flags);
	manner = (flags & MSG_DONTWAIT) != 0 ? AT_ONCE :
		manner_of(descriptor, O_WRONLY);
	if (!step(XP_READ, descriptor, manner, &size))
		return -1;
	return has_read(buffer, __real_recv(descriptor, buffer, size, flags),
		manner, XP_HERE);
}

/* ---- Writing ---- */

/* A socket that is written to by send has flags; others, and -1: none. */
static ssize_t
really_write(int descriptor, const void *data, size_t size, int flags)
{
	return flags < 0 ? __real_write(descriptor, data, size) :
		__real_send(descriptor, data, size, flags);
}

/* All of it, as a blocking write does; or less, after an error. */
static ssize_t
write_in_pieces(int descriptor, const char *data, size_t size, int flags)
{
	struct pollfd one = { .fd = descriptor, .events = POLLOUT };
	size_t done = 0;

	while (done < size) {
		size_t piece = size - done < PIPE_BUF ? size - done : PIPE_BUF;
		ssize_t n;

		if (done > 0)
			(void)xp_await(XP_WRITE, &one, 1, XP_FOREVER, 0);
		xp_io_release();
		n = really_write(descriptor, data + done, piece, flags);
		if (n < 0)
			return done > 0 ? (ssize_t)done : -1;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

static ssize_t
explored_write(int descriptor, const void *data, size_t size, int flags,
	uintptr_t caller)
{
	enum manner manner = flags > 0 && (flags & MSG_DONTWAIT) != 0 ?
		AT_ONCE : manner_of(descriptor, O_RDONLY);

	if (!step(XP_WRITE, descriptor, manner, &size))
		return -1;
	xp_access(data, size, false, caller);
	if (manner == STREAM)
		return write_in_pieces(descriptor, data, size, flags);
	if (manner != PRIVATE)
		xp_io_release();
	return really_write(descriptor, data, size, flags);
}

ssize_t
__wrap_write(int descriptor, const void *data, size_t size)
{
	return xp_active() && size > 0 ?
		explored_write(descriptor, data, size, -1, XP_HERE) :
		__real_write(descriptor, data, size);
}

ssize_t
__wrap_send(int descriptor, const void *data, size_t size, int flags)
{
	return xp_active() && size > 0 ?
		explored_write(descriptor, data, size, flags, XP_HERE) :
		__real_send(descriptor, data, size, flags);
}

ssize_t
__wrap_pwrite(int descriptor, const void *data, size_t size, off_t offset)
{
	if (!xp_active() || size == 0)
		return __real_pwrite(descriptor, data, size, offset);
	if (!step(XP_WRITE, descriptor, PRIVATE, &size))
		return -1;
	xp_access(data, size, false, XP_HERE);
	return __real_pwrite(descriptor, data, size, offset);
}

/* A failure to write that is noticed late is one of the same kinds. */
int
__wrap_fsync(int descriptor)
{
	size_t none = 0;

	if (xp_active() && !step(XP_WRITE, descriptor, PRIVATE, &none))
		return -1;
	return __real_fsync(descriptor);
}

/* ---- Connections, and the end ---- */

/* The step before an accept; false: it fails. */
static bool
may_accept(int listener)
{
	size_t none = 0;

	return step(XP_ACCEPT, listener, manner_of(listener, O_WRONLY),
		&none);
}

static int
has_accepted(int descriptor)
{
	if (descriptor >= 0)
		xp_io_acquire();
	return descriptor;
}

int
__wrap_accept(int listener, struct sockaddr *address, socklen_t *length)
{
	if (!xp_active())
		return __real_accept(listener, address, length);
	return !may_accept(listener) ? -1 :
		has_accepted(__real_accept(listener, address, length));
}

int
__wrap_accept4(int listener, struct sockaddr *address, socklen_t *length,
	int flags)
{
	if (!xp_active())
		return __real_accept4(listener, address, length, flags);
	return !may_accept(listener) ? -1 : has_accepted(
		__real_accept4(listener, address, length, flags));
}

/* The other side reads the end of it. */
int
__wrap_shutdown(int descriptor, int how)
{
	struct pollfd one = { .fd = descriptor };

	if (xp_active()) {
		(void)xp_await(XP_SHUTDOWN, &one, 1, 0, 0);
		xp_io_release();
	}
	return __real_shutdown(descriptor, how);
}

/* No step, but what was done before comes before the end that others see. */
int
__wrap_close(int descriptor)
{
	if (xp_active()) {
		xp_io_forget(descriptor);
		if (is_of_type(descriptor, S_IFIFO) ||
		    is_of_type(descriptor, S_IFSOCK))
			xp_io_release();
	}
	return __real_close(descriptor);
}

/* ---- eventfd: the C library's own do not come by here ---- */

int
__wrap_eventfd_read(int descriptor, eventfd_t *value)
{
	if (!xp_active())
		return __real_eventfd_read(descriptor, value);
	return explored_read(descriptor, value, sizeof(*value), XP_HERE) ==
		(ssize_t)sizeof(*value) ? 0 : -1;
}

int
__wrap_eventfd_write(int descriptor, eventfd_t value)
{
	if (!xp_active())
		return __real_eventfd_write(descriptor, value);
	return explored_write(descriptor, &value, sizeof(value), -1,
		XP_HERE) == (ssize_t)sizeof(value) ? 0 : -1;
}
