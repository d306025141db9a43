/* tries.h - what the checks see of a back end, and what they do to it */
/* SPDX-License-Identifier: MIT */
#ifndef TRIES_H
#define TRIES_H

#include "suite.h"

#include "file.h"

/* ---- tries.c: in the place of transfer.c, which it calls ---- */

DWORD tp_transfer(struct tp_request *request);

/* The next try waits at the gate when its system call is over. */
void tries_hold(struct gate *gate);

/* The next n tries make no system call, and say that it would block. */
void tries_block(unsigned n);

/* The next try makes no system call, and fails. */
void tries_fail(DWORD error);

/* What the latest try was made for. */
const OVERLAPPED *tries_last(void);

/* When the next try that would block is over, calls this on its thread. */
void tries_then(void (*hook)(void));

/* ---- arms.c: in the place of poller.c, which it is ---- */

void tp_poller_arm_locked(struct tp_watch *watch, short events);
unsigned long arms_made(void);

/* ---- scenes.c: streams, and requests of them ---- */

#define MOST_OPS 32
#define LARGE 30000		/* bytes: more than any stream here holds */

/* A request. Guarded by tp_waitable_lock from the moment it is made. */
struct op {
	OVERLAPPED overlapped;	/* first */
	unsigned char buffer[8];
	struct tp_completion *request;	/* when it has ended */
	unsigned ended;		/* how often its port was told */
	unsigned withdrawn;	/* how often that it failed at once */
	unsigned place;		/* the n-th of all that have ended */
	DWORD error;
	size_t bytes;
};

/* A handle whose requests the answer carries out, and its other end. */
struct stream {
	HANDLE file;
	int peer;		/* does not block; -1: closed */
	struct tp_port port;
	bool gone;		/* guarded by tp_waitable_lock */
};

extern struct op ops[MOST_OPS];

void scene_begin(void);
void open_socket(struct stream *stream);
void open_reader(struct stream *stream);
void open_writer(struct stream *stream);

/* Make the request ops[number]. */
void make_read(struct stream *stream, unsigned number, unsigned size);
void make_write(struct stream *stream, unsigned number, const void *data,
	unsigned size);

/* What the other end does. */
void feed(struct stream *stream, const char *text);
size_t drain(struct stream *stream, void *data, size_t size);
void close_peer(struct stream *stream);

/* All that can happen has happened: so has this, and that has not. */
void require_waits(unsigned number);
void require_read(unsigned number, const char *text);
void require_error(unsigned number, DWORD error);
void require_written(unsigned number, size_t size);
bool has_ended(unsigned number);

/* Cancels everything, and looks at the end of each request. */
void close_stream(struct stream *stream);

#endif /* TRIES_H */
