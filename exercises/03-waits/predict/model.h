/* model.h - all the logs that a wait object with certain rules can leave */
/* SPDX-License-Identifier: MIT */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>

#include "log_set.h"

#include "situations.h"

/* All false is what a wait object does do. */
struct rules {
	bool stays_set;		/* it goes on waiting after a callback */
	bool takes_late;	/* the signal is there until the callback */
	bool takes_all;		/* one callback takes a semaphore to zero */
	bool goes_on;		/* after a time-out it waits for the signal */
	bool says_signal;	/* the callback is told so in any case */
	bool resets;		/* the wait resets a manual-reset event */
	bool needs_edge;	/* what is signalled already does not count */
	bool zero_is_never;	/* a time-out of zero does not come */
	bool timeout_first;	/* a time-out of zero beats a signal */
};

void log_set_find(struct log_set *set, const struct rules *rules,
	const struct situation *situation);

#endif /* MODEL_H */
