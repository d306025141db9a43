/* model.h - how many items run, by certain rules */
/* SPDX-License-Identifier: MIT */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>

#include "flags.h"

/* What somebody may think; all false is how it is. */
struct rules {
	bool long_is_nothing;		/* it changes nothing */
	bool long_is_at_once;		/* beside whatever runs */
	bool long_is_the_pools;		/* after one, all are long */
	bool limit_is_the_items;	/* and not the pool's */
	bool limit_is_a_number;		/* of threads that are made */
	bool limit_spares_long;		/* it is for the others */
	bool limit_is_lower;		/* in the lower half */
	bool io_thread;			/* there is one */
	bool persistent_is_nothing;
	bool persistent_is_long;	/* each has a thread of its own */
	bool once_is_one;		/* of several */
	bool unknown_is_nothing;	/* it is not refused */
};

enum answer answer_by(const struct rules *rules, enum letter letter);

#endif /* MODEL_H */
