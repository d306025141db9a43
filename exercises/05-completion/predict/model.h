/* model.h - what can be found, with a pool that keeps certain rules */
/* SPDX-License-Identifier: MIT */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>

#include "log_set.h"

#include "program.h"

/* What a pool does about a callback, besides beginning it. */
enum deed { LAST_LINE, FINALIZE, LEAVE_SECTION, SET_EVENT, END_WAITS, DEEDS };

#define DEED(deed) (1u << (deed))
#define RETURNED DEED(LAST_LINE)
#define ACTIONS (DEED(LEAVE_SECTION) | DEED(SET_EVENT))

/* Which deeds must have been done before each: a partial order. */
struct rules {
	unsigned before[DEEDS];		/* sets of deeds */
	bool prompt;	/* whoever can go on does so before the next deed */
};

/* What Microsoft promises: all of it after the return, and no more. */
#define DOCUMENTED							\
	{ { [FINALIZE] = RETURNED, [LEAVE_SECTION] = RETURNED,		\
	    [SET_EVENT] = RETURNED, [END_WAITS] = RETURNED }, false }

/* What this pool does: one after the other, always in the same order. */
#define THIS_POOL							\
	{ { [FINALIZE] = RETURNED, [LEAVE_SECTION] = DEED(FINALIZE),	\
	    [SET_EVENT] = DEED(LEAVE_SECTION),				\
	    [END_WAITS] = DEED(SET_EVENT) }, false }

/* All that can be found in a run: a log lists it in the letters' order. */
void log_set_find(struct log_set *set, const struct rules *rules,
	enum sign sign);

/* What is found of a statement in some run, and in all. */
bool log_set_ever(const struct log_set *set, enum letter statement, bool so);

/* A log from what is found of each: '+', '-', or 0 for what is not met. */
void log_write(char *log, const char *found);

#endif /* MODEL_H */
