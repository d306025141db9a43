/* port.h - who is told when requests of a file have ended */
/* SPDX-License-Identifier: MIT */
/*
 * Part of the contract with the chapters: engine.h includes it. A file may
 * be bound to one port, for good. From then on the port sees each request
 * begin, and learns how it has ended. The file knows nothing else of its
 * port, and the port nothing of pipes, disks and sockets.
 *
 * A request ends once. If it ends at once, in the very call that makes it,
 * the program learns that from the call: a failure is withdrawn, and so is
 * a success where the program wants no second word about it; any other
 * success ends like a request that was pending.
 *
 * Locks: all functions of a port are called under tp_waitable_lock, so that
 * the end of a request and the post that it leads to are one step.
 */
#ifndef PORT_H
#define PORT_H

#include "trigger.h"

struct tp_file;

/* One request to read or to write, as the port sees it. */
struct tp_completion {
	/* Read-only from the end of the request on. */
	OVERLAPPED *overlapped;
	DWORD error;			/* NO_ERROR or an ERROR_ code */
	ULONG_PTR bytes;		/* moved */

	/* For the port, from begin on. */
	unsigned long mark;		/* 0: the port does not expect it */
	struct tp_port *port;
	struct tp_list link;

	/* Performed with no lock held, if the port has not taken it. */
	struct tp_later later;
};

struct tp_port_ops {
	/* A request is being made. */
	void (*begin)(struct tp_port *port, struct tp_completion *request);

	/* It has ended at once, and that is all: it is forgotten. */
	void (*withdraw)(struct tp_port *port,
		struct tp_completion *request);

	/*
	 * It has ended. True: the port has taken it, and will have it freed
	 * by tp_completion_free.
	 */
	bool (*end)(struct tp_port *port, struct tp_completion *request);

	/* The file is gone, and nothing more will come of it. */
	void (*gone)(struct tp_port *port);
};

struct tp_port {
	const struct tp_port_ops *ops;	/* Read-only after init. */
	struct tp_file *file;		/* tp_waitable_lock; NULL: gone */
};

/*
 * Binds the file of that handle to the port, for good: even after
 * tp_port_unbind, when it tells nobody, no other port can have it. 0, or
 * ERROR_INVALID_HANDLE, or ERROR_INVALID_PARAMETER: it was not opened for
 * overlapped I/O, or is bound.
 */
DWORD tp_port_bind(struct tp_port *port, HANDLE handle);
void tp_port_unbind(struct tp_port *port);

/* Frees a request that the port has taken. No lock is held. */
void tp_completion_free(struct tp_completion *request);

#endif /* PORT_H */
