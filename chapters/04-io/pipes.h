/* SPDX-License-Identifier: MIT */
/*
 * pipes.h - pipes for overlapped requests
 *
 * stream.h is this pool's own; Windows would take named pipes, or sockets.
 */
#ifndef PIPES_H
#define PIPES_H

#include <unistd.h>

#include "must.h"
#include "stream.h"

struct pipe {
	HANDLE from, to;	/* read from here; write to there */
};

static inline struct pipe
new_pipe(void)
{
	struct pipe made;
	int ends[2];

	must(pipe(ends) == 0, "pipe");
	made.from = tp_open_descriptor(ends[0], FILE_FLAG_OVERLAPPED);
	made.to = tp_open_descriptor(ends[1], FILE_FLAG_OVERLAPPED);
	must(made.from != NULL && made.to != NULL, "tp_open_descriptor");
	return made;
}

/* Writes a few bytes: there is room, so the request ends at once. */
static inline void
put(HANDLE to, const char *text, DWORD size)
{
	OVERLAPPED request = { 0 };
	DWORD written;

	must(WriteFile(to, text, size, &written, &request) &&
		written == size, "WriteFile");
}

#endif /* PIPES_H */
