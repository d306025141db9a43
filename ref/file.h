/* file.h - files, pipes and sockets as kernel objects: private to the engine */
/* SPDX-License-Identifier: MIT */
/*
 * What the files about overlapped I/O share: file.c (the object),
 * request.c (the life of a request), overlapped.c (what a program asks of
 * a request), stream.c and disk.c (who carries it out), transfer.c (the
 * system calls). A chapter sees port.h only.
 *
 * A request is allocated when it is made, since an OVERLAPPED has no room
 * for what is needed; nothing that happens to it later can fail for lack of
 * memory. From begin to end it is in the list of its file and uses it.
 *
 * Who carries requests out is the file's medium:
 *
 *	stream	pipes, sockets, terminals: tried at once; what would block
 *		waits in line until the poller says that it no longer would
 *	disk	everything else, where a read waits for a disk and cannot
 *		be tried: a back end does it, threads or io_uring
 *
 * Locks: tp_waitable_lock. It is dropped around every system call that
 * moves data.
 */
#ifndef FILE_H
#define FILE_H

#include "poller.h"
#include "waitable.h"

struct tp_request;

enum tp_operation {
	TP_READ,
	TP_WRITE,
	TP_ACCEPT
};

/* How requests are carried out. */
struct tp_medium {
	/*
	 * Begins the request. ERROR_IO_PENDING: tp_request_end_locked will
	 * be called for it; anything else: it has ended with that already.
	 * The lock is held, and may be dropped meanwhile.
	 */
	DWORD (*start)(struct tp_request *request);

	/*
	 * Somebody wants it to end: marks it, or ends it, which takes it
	 * out of the list of its file. The lock is held and not dropped.
	 */
	void (*cancel)(struct tp_request *request);
};

/* Those who wait for one direction of a stream: see stream.c. */
struct tp_channel {
	struct tp_list waiting;		/* requests, oldest first */
	bool busy;			/* somebody tries the first */
};

struct tp_file {
	struct tp_waitable waitable;

	/* Read-only after init; of an accepted socket, after that. */
	int descriptor;			/* -1: nothing accepted yet */
	const struct tp_medium *medium;	/* NULL: none, not overlapped */
	bool overlapped;
	bool is_socket, is_pipe;
	bool watched;			/* watch is in the poller */
	char *doomed;			/* path to unlink at the end, or NULL */

	/* Guarded by tp_waitable_lock. */
	struct tp_port *port;		/* NULL: nobody is told */
	bool bound;			/* has had a port */
	UCHAR modes;			/* FILE_SKIP_... */
	bool signalled;			/* a request has ended */
	struct tp_list requests;	/* that have not, oldest first */
	struct tp_cond ended;		/* broadcast when one ends */
	struct tp_channel reading, writing;
	struct tp_watch watch;
	struct tp_later look;		/* at both channels */
};

/* One request. Begins with what its port sees. */
struct tp_request {
	struct tp_completion completion;

	/* Read-only from begin on. */
	struct tp_file *file;		/* used */
	enum tp_operation operation;
	unsigned char *buffer;		/* only read from if it is written */
	size_t size;			/* bytes */
	bool positioned;		/* offset counts */
	uint64_t offset;		/* in the file, bytes */
	struct tp_file *connection;	/* used; of an accept */
	struct tp_waitable *event;	/* used; NULL: none */
	DWORD issuer;			/* thread */

	/* Used by whoever carries it out. */
	size_t done;			/* bytes moved so far */
	bool resumed;			/* by disk_uring.c */
	struct tp_list queue;

	/* Guarded by tp_waitable_lock. */
	bool cancelled;
	struct tp_list link;		/* in file->requests */
};

/* ---- file.c ---- */

struct tp_file *tp_file_new(int descriptor, bool overlapped, DWORD *error);
HANDLE tp_file_publish(struct tp_file *file);
DWORD tp_file_adopt(struct tp_file *file, int descriptor);
struct tp_file *tp_file_of_locked(HANDLE handle);
struct tp_file *tp_file_use_blocking(HANDLE handle, DWORD *error);
struct tp_file *tp_file_use(HANDLE handle);
void tp_file_unuse(struct tp_file *file);

/* ---- request.c ---- */

struct tp_request *tp_request_new(enum tp_operation operation);
DWORD tp_request_issue(struct tp_request *request, HANDLE handle,
	OVERLAPPED *overlapped, DWORD *moved);
void tp_request_end_locked(struct tp_request *request, DWORD error);
unsigned tp_requests_cancel_locked(struct tp_file *file,
	const OVERLAPPED *overlapped, DWORD issuer);

/* ---- transfer.c ---- */

/*
 * Moves what can be moved at once. NO_ERROR: all that the request asked
 * for; ERROR_IO_PENDING: nothing more for now; else it has failed.
 * request->done counts the bytes. No lock is held.
 */
DWORD tp_transfer(struct tp_request *request);
DWORD tp_file_error(int number);	/* an errno as an ERROR_ code */

/* ---- stream.c, disk.c ---- */

extern const struct tp_medium tp_stream, tp_disk;
void tp_stream_init(struct tp_file *file);
DWORD tp_disk_open(void);

#endif /* FILE_H */
