/* disk.c - requests of files on disk: which back end carries them out */
/* SPDX-License-Identifier: MIT */
/*
 * Interface: tp_disk, tp_disk_open; tp_io_back_end for programs (stream.h).
 *
 * The back end is chosen when the first file is opened for overlapped I/O,
 * and stays. A process that opens none has neither threads nor a ring.
 *
 * Locks: one for the choice; tp_waitable_lock for everything else.
 */
#include <stdlib.h>

#include "disk.h"
#include "stream.h"

static struct tp_mutex choice = TP_MUTEX_INIT(TP_RANK_CHOICE);

/* Guarded by choice; read-only once there is a file to carry requests for. */
static const struct tp_disk_back_end *back_end;

/* Gets the back end ready that TP_IO asks for, or threads. */
static DWORD
choose(void)
{
	const char *name = getenv("TP_IO");
	const struct tp_disk_back_end *chosen = &tp_disk_threads;
	DWORD error;

	if (name != NULL && strcmp(name, tp_disk_uring.name) == 0 &&
	    tp_disk_uring.open() == NO_ERROR)
		chosen = &tp_disk_uring;
	error = chosen == &tp_disk_threads ? chosen->open() : NO_ERROR;
	if (error == NO_ERROR)
		back_end = chosen;
	return error;
}

/*
 * Sees to it that there is somebody to carry requests out.
 *
 * Fails: ERROR_NOT_ENOUGH_MEMORY; the next call tries again.
 * Locks: none held; waits for another thread that is at it.
 */
DWORD
tp_disk_open(void)
{
	DWORD error = NO_ERROR;

	tp_lock(&choice);
	if (back_end == NULL)
		error = choose();
	tp_unlock(&choice);
	return error;
}

/* See stream.h. */
const char *
tp_io_back_end(void)
{
	const char *name;

	(void)tp_disk_open();
	tp_lock(&choice);
	name = back_end != NULL ? back_end->name : "none";
	tp_unlock(&choice);
	return name;
}

/* See struct tp_medium. Whoever has a file has opened the back end. */
static DWORD
start(struct tp_request *request)
{
	back_end->submit(request);
	return ERROR_IO_PENDING;
}

static void
cancel(struct tp_request *request)
{
	if (request->cancelled)
		return;
	request->cancelled = true;
	back_end->cancel(request);
}

const struct tp_medium tp_disk = { start, cancel };
