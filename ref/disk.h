/* disk.h - who carries out the requests of files on disk: two back ends */
/* SPDX-License-Identifier: MIT */
/*
 * A read of a file on disk cannot be tried: the descriptor is always ready,
 * and the call waits for the disk all the same. So it is given away, to a
 * back end: to threads that wait, everywhere; on Linux, where liburing is
 * there when the pool is built, and the kernel allows it, to io_uring.
 * TP_IO names the one to use; disk.c chooses when the first file is opened.
 *
 * Locks: tp_waitable_lock, as for struct tp_medium.
 */
#ifndef DISK_H
#define DISK_H

#include "file.h"

struct tp_disk_back_end {
	const char *name;		/* for TP_IO */

	/* Gets ready, once. 0 or an error code. No lock is held. */
	DWORD (*open)(void);

	/*
	 * Carries the request out, and then calls tp_request_end_locked. The
	 * lock is held, and not dropped.
	 */
	void (*submit)(struct tp_request *request);

	/* It is marked as cancelled. The same lock. */
	void (*cancel)(struct tp_request *request);
};

extern const struct tp_disk_back_end tp_disk_threads, tp_disk_uring;

#endif /* DISK_H */
