/* model.h - all the logs that pools with certain rules can leave */
/* SPDX-License-Identifier: MIT */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>

#include "log_set.h"

/* What the pools do; all false is what they do do. */
struct rules {
	bool follows_environment;	/* it is read at each submit */
	bool thread_for_each;		/* the maximum is one for an object */
	bool interrupts;		/* the high one stops the low one */
	bool as_posted;			/* priorities mean nothing in a pool */
	bool waits_for_high;		/* low ones leave room for high ones */
	bool begins_as_posted;		/* in both pools together */
};

void log_set_find(struct log_set *set, const struct rules *rules);

#endif /* MODEL_H */
