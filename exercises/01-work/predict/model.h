/* model.h - all the logs that a pool with certain rules can leave */
/* SPDX-License-Identifier: MIT */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>

#include "log_set.h"

/* What a pool does; all false and two threads is what a pool does do. */
struct rules {
	unsigned threads;	/* 1 to 3 */
	bool submits_coalesce;	/* a post is made only if none is queued */
	bool one_at_a_time;	/* callbacks of one object never overlap */
	bool ends_in_order;	/* what started first ends first */
	bool waits_for_queue;	/* the wait ignores what already runs */
};

void log_set_find(struct log_set *set, const struct rules *rules);

#endif /* MODEL_H */
