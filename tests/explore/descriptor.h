/* descriptor.h - what the files about descriptors share */
/* SPDX-License-Identifier: MIT */
/*
 * wrap_io.c waits until a descriptor is ready, wrap_transfer.c moves bytes,
 * and faults.c says which of these calls fail.
 */
#ifndef DESCRIPTOR_H
#define DESCRIPTOR_H

#include <poll.h>

#include "shadow.h"

/* ---- wrap_io.c ---- */

/*
 * A step that waits until one of these is ready. timeout: from now, 0: it
 * does not wait, XP_FOREVER: for as long as it takes. data: of the event.
 */
enum xp_outcome xp_await(enum xp_kind kind, struct pollfd *descriptors,
	nfds_t count, xp_time timeout, uintptr_t data);

/* What was done before others are told, comes before what they do then. */
void xp_io_release(void);
void xp_io_acquire(void);

/* ---- faults.c ---- */

/* Has the program exposed it to faults? */
bool xp_io_exposed(int descriptor);

/*
 * One more call on an exposed descriptor, in which these may happen (a bit each):
 * which one has to? EXPLORE_FAULTS: none.
 */
enum explore_fault xp_io_fault(int descriptor, unsigned possible);

/* The descriptor is closed: another one of that number is not exposed. */
void xp_io_forget(int descriptor);

#endif /* DESCRIPTOR_H */
