/* stream.c - requests of pipes, sockets and terminals */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write these three functions.
 *
 * All are called under tp_waitable_lock.
 */
#include <poll.h>
#include <stdlib.h>

#include "file.h"

/* Prepares what this back end uses of a new file, which is zeroed. */
void
tp_stream_init(struct tp_file *file)
{
	(void)file;			/* TODO: it has no requests yet */
}

/*
 * Begins the request. ERROR_IO_PENDING: tp_request_end_locked will be called
 * for it, or has been; anything else: it has ended with that already, and
 * tp_request_end_locked will not be called. May drop the lock meanwhile.
 */
static DWORD
start(struct tp_request *request)
{
	(void)request;
	abort();			/* TODO */
}

/*
 * Somebody wants it to end: ends it, or marks it, if it is being tried. Does
 * not drop the lock.
 */
static void
cancel(struct tp_request *request)
{
	(void)request;
	abort();			/* TODO */
}

const struct tp_medium tp_stream = { start, cancel };
