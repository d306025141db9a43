/* model.h - what is due, by certain rules */
/* SPDX-License-Identifier: MIT */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>

#include "log_set.h"

#include "program.h"

/* What somebody may think; all false is how it is. */
struct rules {
	bool pending_is_failure;	/* FALSE is FALSE */
	bool pending_needs_both;	/* a callback, and taking back */
	bool errors_bring_none;		/* the callback is for success */
	bool cancelled_brings_none;	/* CancelIoEx takes back, too */
	bool success_needs_both;	/* a callback, and taking back */
	bool success_brings_none;	/* what has ended is over */
	bool failure_brings_callback;	/* the error comes there */
	bool failure_settles;		/* nothing is open after it */
	bool skipping_settles;		/* nothing is open after it */
	bool skips_nothing;
	bool skips_all;			/* pending ones as well */
	bool all_bring_callbacks;	/* announced or not */
	bool wait_drops_queued;		/* but not what is pending */
	bool wait_leaves_open;		/* what it has dropped */
	bool counts;			/* any end takes any announcement */
};

/* A log: "pending, 1 callback, settled". */
void log_set_find(struct log_set *set, const struct rules *rules,
	enum letter letter);
void log_write(char *log, enum result result, unsigned callbacks, bool open);

/* What a set of logs comes to; UNDECIDED: there is no word for it. */
enum answer answer_of(const struct log_set *set);

#endif /* MODEL_H */
