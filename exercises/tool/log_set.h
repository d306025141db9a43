/* log_set.h - sets of logs: what the models of the first exercises find */
/* SPDX-License-Identifier: MIT */
#ifndef LOG_SET_H
#define LOG_SET_H

#include <stdbool.h>
#include <string.h>

#include "suite.h"

#define LOG_SIZE 64	/* bytes of one log, as a string */
#define LOG_LIMIT 200	/* logs in a set */

struct log_set {
	unsigned count;
	char text[LOG_LIMIT][LOG_SIZE];
};

static inline bool
log_set_has(const struct log_set *set, const char *text)
{
	for (unsigned i = 0; i < set->count; i++)
		if (strcmp(set->text[i], text) == 0)
			return true;
	return false;
}

static inline void
log_set_add(struct log_set *set, const char *text)
{
	if (log_set_has(set, text))
		return;
	require(set->count < LOG_LIMIT, "the model has too many logs");
	strcpy(set->text[set->count++], text);
}

#endif /* LOG_SET_H */
