/* open_below.h - how many descriptors are open */
/* SPDX-License-Identifier: MIT */
/*
 * Asked before and after every execution: so by one call of the system for
 * them all, where there is one. It is not poll(), which is the explorer's.
 */
#ifndef OPEN_BELOW_H
#define OPEN_BELOW_H

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <time.h>

#define OPEN_MOST	1024	/* that can be asked about */

#ifdef __linux__
#include <sys/syscall.h>

long syscall(long number, ...);		/* the headers hide it from C11 */

/* Sets in each whether it is open, and says whether that has worked. */
__attribute__((no_sanitize_thread)) static inline bool
asked_at_once(struct pollfd *all, unsigned limit)
{
	const struct timespec at_once = { 0, 0 };

	for (unsigned i = 0; i < limit; i++)
		all[i] = (struct pollfd){ .fd = (int)i };
	return syscall(SYS_ppoll, all, (long)limit, &at_once, 0l, 8l) >= 0;
}
#else
static inline bool
asked_at_once(struct pollfd *all, unsigned limit)
{
	(void)all;
	(void)limit;
	return false;
}
#endif

/* Those below limit. The system refuses more than the process may have. */
__attribute__((no_sanitize_thread)) static inline unsigned
open_below(unsigned limit)
{
	struct pollfd all[OPEN_MOST];
	bool asked = asked_at_once(all, limit);
	unsigned number = 0;

	for (unsigned i = 0; i < limit; i++)
		number += asked ? (all[i].revents & POLLNVAL) == 0 :
			fcntl((int)i, F_GETFD) >= 0;
	return number;
}

#endif
