/* model.h - all the logs that a group with certain rules can leave */
/* SPDX-License-Identifier: MIT */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>

#include "log_set.h"

/* What closing the members does; all false is what it does do. */
struct rules {
	bool all_or_none;	/* it finds both members, or neither */
	bool awaits_creator;	/* it closes what is yet to be created, too */
	bool tells_of_all;	/* cancels also what has run meanwhile */
	bool tells_first;	/* cancel callbacks before it waits */
	bool tells_nobody;	/* simple callbacks are dropped silently */
	bool lets_none_in;	/* nothing is created while it runs */
};

void log_set_find(struct log_set *set, const struct rules *rules);

#endif /* MODEL_H */
