/* scenes.c - streams with two ends, and requests that are told apart */
/* SPDX-License-Identifier: MIT */
/*
 * One end of each stream is a handle, whose requests the answer carries out;
 * the other is a descriptor of the check's. The port that is told of all
 * requests is the check's, too: so a second end of a request is seen, and
 * nothing of it is freed before the check is over.
 */
#define _GNU_SOURCE			/* F_SETPIPE_SZ */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stream.h"
#include "tries.h"

#define SMALL_PIPE 4096

struct op ops[MOST_OPS];
static unsigned ended;			/* guarded by tp_waitable_lock */

/*
 * The poller stays open, and is nobody's leftover: the descriptors that it
 * will need are there from the beginning.
 */
static int reserved[3];

__attribute__((constructor)) static void
reserve(void)
{
	for (int i = 0; i < 3; i++)
		reserved[i] = open("/dev/null", O_RDONLY);
}

void
scene_begin(void)
{
	for (int i = 0; i < 3; i++)
		close(reserved[i]);
	signal(SIGPIPE, SIG_IGN);	/* as the grader has it */
	require(tp_poller_open() == NO_ERROR, "the poller did not open");
	await_still();
}

/* ---- The port: called under tp_waitable_lock ---- */

static void
begin(struct tp_port *port, struct tp_completion *request)
{
	request->port = port;
}

static void
withdraw(struct tp_port *port, struct tp_completion *request)
{
	struct op *op = tp_container(request->overlapped, struct op,
		overlapped);

	(void)port;
	op->withdrawn++;
}

static bool
end(struct tp_port *port, struct tp_completion *request)
{
	struct op *op = tp_container(request->overlapped, struct op,
		overlapped);

	(void)port;
	require(op->ended == 0, "a request ended twice");
	op->ended = 1;
	op->place = ended++;
	op->error = request->error;
	op->bytes = request->bytes;
	op->request = request;
	return true;
}

static void
gone(struct tp_port *port)
{
	tp_container(port, struct stream, port)->gone = true;
}

static const struct tp_port_ops port_ops = { begin, withdraw, end, gone };

/* ---- Streams ---- */

static void
open_ends(struct stream *stream, const int ends[2])
{
	memset(stream, 0, sizeof(*stream));
	stream->peer = ends[1];
	(void)fcntl(ends[1], F_SETFL, fcntl(ends[1], F_GETFL) | O_NONBLOCK);
	stream->file = tp_open_descriptor(ends[0], FILE_FLAG_OVERLAPPED);
	require(stream->file != NULL, "tp_open_descriptor failed");
	stream->port.ops = &port_ops;
	require(tp_port_bind(&stream->port, stream->file) == NO_ERROR,
		"the check itself could not bind its port");
}

void
open_socket(struct stream *stream)
{
	int ends[2], size = SMALL_PIPE;

	require(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0,
		"the check itself could not open a pair of sockets");
	(void)setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	open_ends(stream, ends);
}

static void
open_pipe_ends(int ends[2])
{
	require(pipe(ends) == 0, "the check itself could not open a pipe");
	(void)fcntl(ends[0], F_SETPIPE_SZ, SMALL_PIPE);
}

void
open_reader(struct stream *stream)
{
	int ends[2];

	open_pipe_ends(ends);
	open_ends(stream, ends);
}

void
open_writer(struct stream *stream)
{
	int ends[2];

	open_pipe_ends(ends);
	open_ends(stream, (int[]){ ends[1], ends[0] });
}

/* ---- Requests ---- */

/* A request has been made, and this is what the call has returned. */
static void
note_call(unsigned number, BOOL good)
{
	DWORD error = good ? NO_ERROR : GetLastError();
	struct op *op = &ops[number];

	if (error == NO_ERROR || error == ERROR_IO_PENDING)
		return;
	tp_lock(&tp_waitable_lock);
	require(op->withdrawn == 1, "a request failed when it was made, and "
		"its port was not told");
	op->error = error;
	op->place = ended++;
	tp_unlock(&tp_waitable_lock);
}

void
make_read(struct stream *stream, unsigned number, unsigned size)
{
	struct op *op = &ops[number];

	note_call(number, ReadFile(stream->file, op->buffer, size, NULL,
		&op->overlapped));
}

void
make_write(struct stream *stream, unsigned number, const void *data,
	unsigned size)
{
	note_call(number, WriteFile(stream->file, data, size, NULL,
		&ops[number].overlapped));
}

/* ---- The other end ---- */

void
feed(struct stream *stream, const char *text)
{
	ssize_t size = (ssize_t)strlen(text);

	require(write(stream->peer, text, (size_t)size) == size,
		"the check itself could not write");
}

/* Reads until nothing more comes. */
size_t
drain(struct stream *stream, void *data, size_t size)
{
	bool again = true;
	size_t done = 0;

	while (done < size) {
		ssize_t n = read(stream->peer, (char *)data + done,
			size - done);

		if (n > 0)
			done += (size_t)n;
		else if (n == 0 || !again)
			break;
		again = n > 0;
		await_still();
	}
	return done;
}

void
close_peer(struct stream *stream)
{
	if (stream->peer >= 0)
		close(stream->peer);
	stream->peer = -1;
}

/* ---- What has become of requests ---- */

static struct op
look_at(unsigned number)
{
	struct op op;

	tp_lock(&tp_waitable_lock);
	op = ops[number];
	tp_unlock(&tp_waitable_lock);
	return op;
}

bool
has_ended(unsigned number)
{
	struct op op = look_at(number);

	return op.ended + op.withdrawn > 0;
}

void
require_waits(unsigned number)
{
	require(!has_ended(number), "request %u ended, and there was nothing "
		"for it to end with", number + 1);
}

static struct op
require_ended(unsigned number)
{
	struct op op = look_at(number);

	require(op.ended + op.withdrawn > 0, "request %u did not end, and "
		"nothing was in its way", number + 1);
	return op;
}

static const char *
name_of(DWORD error)
{
	switch (error) {
	case NO_ERROR:
		return "NO_ERROR";
	case ERROR_BROKEN_PIPE:
		return "ERROR_BROKEN_PIPE";
	case ERROR_NO_DATA:
		return "ERROR_NO_DATA";
	case ERROR_OPERATION_ABORTED:
		return "ERROR_OPERATION_ABORTED";
	case ERROR_IO_PENDING:
		return "ERROR_IO_PENDING";
	case ERROR_IO_DEVICE:
		return "ERROR_IO_DEVICE";
	default:
		return "see win32.h";
	}
}

void
require_read(unsigned number, const char *text)
{
	struct op op = require_ended(number);

	require(op.error == NO_ERROR, "read %u ended with the error %u "
		"(%s)", number + 1, op.error, name_of(op.error));
	require(op.bytes == strlen(text) && memcmp(op.buffer, text,
		op.bytes) == 0, "read %u was to bring '%s', and brought '%.*s'",
		number + 1, text, (int)op.bytes, (const char *)op.buffer);
}

void
require_error(unsigned number, DWORD error)
{
	struct op op = require_ended(number);

	require(op.error == error, "request %u was to end with the error %u "
		"(%s), and ended with %u (%s)", number + 1, error,
		name_of(error), op.error, name_of(op.error));
}

void
require_written(unsigned number, size_t size)
{
	struct op op = require_ended(number);

	require(op.error == NO_ERROR && op.bytes == size, "write %u of %zu "
		"bytes ended with the error %u (%s), and with %zu bytes",
		number + 1, size, op.error, name_of(op.error), op.bytes);
}

void
close_stream(struct stream *stream)
{
	bool last;

	if (stream->file != NULL)
		require(CloseHandle(stream->file), "CloseHandle failed");
	await_still();
	close_peer(stream);
	for (unsigned i = 0; i < MOST_OPS; i++)
		if (ops[i].overlapped.Internal != 0)
			(void)require_ended(i);
	tp_lock(&tp_waitable_lock);
	last = stream->gone;
	tp_unlock(&tp_waitable_lock);
	require(last, "the file was closed, its requests had ended, and "
		"something still used it");
	for (unsigned i = 0; i < MOST_OPS; i++)
		if (ops[i].request != NULL)
			tp_completion_free(ops[i].request);
	memset(ops, 0, sizeof(ops));
	ended = 0;
}
