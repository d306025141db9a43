/* stream.h - handles over descriptors: pipes, sockets, terminals */
/* SPDX-License-Identifier: MIT */
/*
 * An extension: Windows has handles only, and sockets of another library.
 * A program includes this header beside threadpool.h. What these functions
 * return goes wherever a handle of CreateFile does: to ReadFile, WriteFile,
 * CancelIoEx, CreateThreadpoolIo, CloseHandle.
 *
 * None of them is interrupted by a signal, and none raises SIGPIPE.
 */
#ifndef STREAM_H
#define STREAM_H

#include "threadpool.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * tp_open_descriptor: a handle over an open descriptor, which is the
 * handle's from now on: CloseHandle closes it.
 *
 *	descriptor	of a pipe, a socket, a terminal, a file
 *	flags		FILE_FLAG_OVERLAPPED, or 0: reads and writes block.
 *			With it a descriptor that is no file on disk is made
 *			non-blocking, for everybody who shares it
 *
 * Returns:	a handle to close.
 * Fails:	NULL, and the descriptor is still the caller's;
 *		ERROR_INVALID_HANDLE if it is none, ERROR_INVALID_PARAMETER
 *		for other flags, ERROR_TOO_MANY_OPEN_FILES,
 *		ERROR_NOT_ENOUGH_MEMORY.
 * Locks:	tp_waitable_lock.
 */
HANDLE tp_open_descriptor(int descriptor, DWORD flags);

/*
 * tp_listen: a TCP socket that waits for connections, for overlapped
 * accepts. What is written to those goes out at once (TCP_NODELAY).
 *
 *	address		"127.0.0.1", "::1"; NULL: every address of this
 *			machine
 *	port		0: one that is free, see tp_port_number
 *	backlog		connections that may wait to be accepted
 *
 * Returns:	a handle to close.
 * Fails:	NULL; ERROR_INVALID_PARAMETER if this is no address,
 *		ERROR_ADDRESS_ALREADY_ASSOCIATED if it is in use,
 *		ERROR_ACCESS_DENIED, ERROR_TOO_MANY_OPEN_FILES,
 *		ERROR_NOT_ENOUGH_MEMORY.
 */
HANDLE tp_listen(const char *address, unsigned short port, int backlog);

/*
 * tp_accept: takes one connection; an overlapped request like ReadFile, which
 * ends when somebody has connected, with 0 bytes.
 *
 *	listener	of tp_listen
 *	connection	receives a handle to close, in any case that is no
 *			failure; it can be read and written once the request
 *			has ended well
 *	overlapped	as for ReadFile; the offset has no meaning
 *
 * Returns:	TRUE: there was one.
 * Fails:	FALSE; ERROR_IO_PENDING: it goes on; ERROR_NOT_SUPPORTED (no
 *		socket); else as ReadFile, and *connection is NULL.
 */
BOOL tp_accept(HANDLE listener, PHANDLE connection, LPOVERLAPPED overlapped);

/*
 * tp_connect: a TCP connection, for overlapped I/O. Blocks until it is made;
 * a worker tells its pool.
 *
 * Returns:	a handle to close.
 * Fails:	NULL; ERROR_CONNECTION_REFUSED and others, as tp_listen.
 */
HANDLE tp_connect(const char *address, unsigned short port);

/*
 * tp_shut_down: says to the other side of a socket that nothing more will be
 * written: it reads 0 bytes after what was.
 *
 * Fails:	FALSE; ERROR_INVALID_HANDLE, ERROR_NOT_SUPPORTED (no socket).
 */
BOOL tp_shut_down(HANDLE connection);

/* The port that a socket is bound to; 0: it is no socket, or none. */
unsigned short tp_port_number(HANDLE socket);

/*
 * The name of what carries out requests of files on disk: "threads", or
 * "uring" if TP_IO asked for it and the system allows it. "none": there is
 * no memory for either.
 */
const char *tp_io_back_end(void);

#ifdef __cplusplus
}
#endif

#endif /* STREAM_H */
