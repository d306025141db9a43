/* socket.c - sockets as files: enough of them for a server */
/* SPDX-License-Identifier: MIT */
/*
 * A connection is read and written like a pipe; what is left is to get one.
 * An accept is a request like a read: it may be pending, is cancelled by
 * CancelIoEx, and ends once. What it brings is in a handle that exists from
 * the start, without a descriptor; so the end of the request needs no memory
 * and cannot fail for lack of a handle.
 *
 * Interface: tp_listen, tp_accept, tp_connect, tp_shut_down, tp_port_number.
 *
 * Locks: tp_waitable_lock, but around no system call.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "file.h"
#include "stream.h"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Reads an address; 0: it is none, else how long it is. NULL: any. */
static socklen_t
parse(union address *address, const char *text, unsigned short port)
{
	memset(address, 0, sizeof(*address));
	if (text == NULL)
		text = "0.0.0.0";
	if (inet_pton(AF_INET, text, &address->v4.sin_addr) == 1) {
		address->v4.sin_family = AF_INET;
		address->v4.sin_port = htons(port);
		return sizeof(address->v4);
	}
	if (inet_pton(AF_INET6, text, &address->v6.sin6_addr) == 1) {
		address->v6.sin6_family = AF_INET6;
		address->v6.sin6_port = htons(port);
		return sizeof(address->v6);
	}
	return 0;
}

static int
open_socket(int family)
{
	int descriptor = socket(family, SOCK_STREAM, 0);

	if (descriptor >= 0)
		(void)fcntl(descriptor, F_SETFD, FD_CLOEXEC);
	return descriptor;
}

static void
set_option(int descriptor, int level, int option)
{
	int one = 1;

	(void)setsockopt(descriptor, level, option, &one, sizeof(one));
}

/* A handle over the socket, or over none, because of an errno. */
static HANDLE
publish(int descriptor, int number)
{
	HANDLE handle = NULL;

	if (number != 0)
		SetLastError(tp_file_error(number));
	else
		handle = tp_open_descriptor(descriptor, FILE_FLAG_OVERLAPPED);
	if (handle == NULL && descriptor >= 0)
		close(descriptor);
	return handle;
}

/* See stream.h. */
HANDLE
tp_listen(const char *address, unsigned short port, int backlog)
{
	union address where;
	socklen_t size = parse(&where, address, port);
	int descriptor, number = 0;

	if (size == 0)
		return publish(-1, EINVAL);
	descriptor = open_socket(where.any.sa_family);
	if (descriptor < 0)
		return publish(-1, errno);
	set_option(descriptor, SOL_SOCKET, SO_REUSEADDR);
	/* What it accepts inherits it: answers are not held back. */
	set_option(descriptor, IPPROTO_TCP, TCP_NODELAY);
	if (bind(descriptor, &where.any, size) != 0 ||
	    listen(descriptor, backlog) != 0)
		number = errno;
	return publish(descriptor, number);
}

/* Waits until a connect that has begun is over: 0 or an errno. */
static int
finish_connect(int descriptor)
{
	struct pollfd one = { .fd = descriptor, .events = POLLOUT };
	socklen_t size = sizeof(int);
	int number = 0;

	while (tp_poll(&one, 1, TP_FOREVER) <= 0)
		;
	if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size) != 0)
		number = errno;
	return number;
}

/* See stream.h. */
HANDLE
tp_connect(const char *address, unsigned short port)
{
	union address where;
	socklen_t size = parse(&where, address, port);
	int descriptor, number = 0, before;

	if (size == 0 || address == NULL)
		return publish(-1, EINVAL);
	descriptor = open_socket(where.any.sa_family);
	if (descriptor < 0)
		return publish(-1, errno);
	set_option(descriptor, IPPROTO_TCP, TCP_NODELAY);
	(void)fcntl(descriptor, F_SETFL, O_NONBLOCK);
	tp_blocking_begin();
	before = tp_cancel_later();
	if (connect(descriptor, &where.any, size) != 0)
		number = errno;
	if (number == EINPROGRESS || number == EINTR)
		number = finish_connect(descriptor);
	tp_cancel_again(before);
	tp_blocking_end();
	return publish(descriptor, number);
}

/* A handle for the connection that the request is to bring. */
static HANDLE
prepare(struct tp_request *request, DWORD *error)
{
	struct tp_file *file = tp_file_new(-1, true, error);
	HANDLE handle;

	if (file == NULL)
		return NULL;
	tp_lock(&tp_waitable_lock);
	tp_waitable_use_locked(&file->waitable);	/* the request's */
	tp_unlock(&tp_waitable_lock);
	request->connection = file;
	handle = tp_file_publish(file);
	if (handle == NULL) {
		tp_file_unuse(file);
		*error = ERROR_NOT_ENOUGH_MEMORY;
	}
	return handle;
}

/* See stream.h. */
BOOL
tp_accept(HANDLE listener, PHANDLE connection, LPOVERLAPPED overlapped)
{
	struct tp_request *request = tp_request_new(TP_ACCEPT);
	DWORD error = ERROR_NOT_ENOUGH_MEMORY;
	HANDLE handle = NULL;

	tp_check_fork("tp_accept", listener);
	*connection = NULL;
	if (request != NULL)
		handle = prepare(request, &error);
	if (handle != NULL) {
		*connection = handle;	/* before anybody can be told */
		error = tp_request_issue(request, listener, overlapped, NULL);
	} else if (request != NULL) {
		tp_completion_free(&request->completion);
	}
	if (error == NO_ERROR)
		return TRUE;
	if (error != ERROR_IO_PENDING && handle != NULL) {
		*connection = NULL;
		CloseHandle(handle);
	}
	SetLastError(error);
	return FALSE;
}

/* See stream.h. */
BOOL
tp_shut_down(HANDLE connection)
{
	struct tp_file *file = tp_file_use(connection);
	bool good;

	if (file == NULL)
		return FALSE;
	good = file->is_socket && shutdown(file->descriptor, SHUT_WR) == 0;
	tp_file_unuse(file);
	if (!good)
		SetLastError(ERROR_NOT_SUPPORTED);
	return good;
}

/* See stream.h. */
unsigned short
tp_port_number(HANDLE socket)
{
	struct tp_file *file = tp_file_use(socket);
	union address where = { .any = { .sa_family = AF_UNSPEC } };
	socklen_t size = sizeof(where);
	int result;

	if (file == NULL)
		return 0;
	result = getsockname(file->descriptor, &where.any, &size);
	tp_file_unuse(file);
	if (result != 0)
		return 0;
	return ntohs(where.any.sa_family == AF_INET ? where.v4.sin_port :
		where.any.sa_family == AF_INET6 ? where.v6.sin6_port : 0);
}
