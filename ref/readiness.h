/* readiness.h - waiting for a descriptor as for any kernel object */
/* SPDX-License-Identifier: MIT */
/*
 * An extension: Windows has no such descriptors, and waits for a socket by
 * WSAEventSelect. A program includes this header beside threadpool.h.
 */
#ifndef READINESS_H
#define READINESS_H

#include "threadpool.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * tp_open_readiness: a handle that is signalled as long as a descriptor is
 * ready. It goes wherever a handle of an event does: to SetThreadpoolWait,
 * to WaitForSingleObject and WaitForMultipleObjects, to CloseHandle.
 *
 *	descriptor	a pipe, a socket, a terminal, or any file; the handle
 *			keeps a duplicate of it
 *	events		POLLIN, POLLOUT, POLLPRI of <poll.h>, or several; an
 *			error or the other side's end counts as well
 *
 * A wait takes nothing from a descriptor: it stays ready until somebody has
 * read what there was, or filled what was free. So the callback of a wait
 * object reads before it sets the wait again. Because of the duplicate the
 * file stays open until both the descriptor and the handle are closed: the
 * other side of a pipe sees its end only then.
 *
 * Returns:	a handle to close.
 * Fails:	NULL; ERROR_INVALID_HANDLE if this is no descriptor,
 *		ERROR_INVALID_PARAMETER for other events or none,
 *		ERROR_TOO_MANY_OPEN_FILES, ERROR_NOT_ENOUGH_MEMORY.
 * Locks:	tp_waitable_lock.
 */
HANDLE tp_open_readiness(int descriptor, short events);

#ifdef __cplusplus
}
#endif

#endif /* READINESS_H */
