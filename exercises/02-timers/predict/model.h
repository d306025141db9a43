/* model.h - when the timers fire by certain rules */
/* SPDX-License-Identifier: MIT */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>

#include "times.h"

/* How a pool understands its arguments; all false is how it does. */
struct rules {
	bool sign_flipped;	/* negative: has passed; positive: from now */
	bool microseconds;	/* due times are in them */
	bool milliseconds;	/* due times are in them */
	bool null_is_at_once;
	bool null_is_nothing;	/* it changes nothing */
	bool zero_is_never;
	bool periods_of_100_ms;
	bool period_from_end;	/* of the callback */
	bool sets_add;		/* the first setting remains, too */
	bool sets_once;		/* the second setting is ignored */
	bool window_ignored;
	bool window_is_delay;	/* always all of it */
};

void model_times(struct answer times[TIMER_COUNT], const struct rules *rules);
bool answer_is(const struct answer *a, const struct answer *b);

/* What answers can look like: "0 50 100 150", or "never". */
#define ANSWER_SIZE 64
const char *answer_text(char text[ANSWER_SIZE], const struct answer *answer);

#endif /* MODEL_H */
