/* buffers.c - fetches bytes from a stream, each fetch into its own buffer */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write all four. Who has the buffer and the OVERLAPPED of a fetch, and
 * from when until when? Who frees them, if it is cancelled, if it fails at
 * once, and if the source is closed while it is under way?
 */
#include <stdlib.h>

#include "source.h"

struct source {
	HANDLE stream;
};

struct source *
source_open(HANDLE stream, PTP_CALLBACK_ENVIRON environment,
	source_done *done, void *argument)
{
	struct source *source = calloc(1, sizeof(*source));

	(void)environment;
	(void)done;
	(void)argument;
	if (source != NULL)
		source->stream = stream;
	return source;
}

bool
source_fetch(struct source *source, unsigned number, size_t size)
{
	(void)source;
	(void)number;
	(void)size;
	return false;
}

bool
source_cancel(struct source *source, unsigned number)
{
	(void)source;
	(void)number;
	return false;
}

void
source_close(struct source *source)
{
	CloseHandle(source->stream);
	free(source);
}
