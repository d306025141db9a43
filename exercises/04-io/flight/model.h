/* model.h - when requests end, if nothing else takes time; and figures */
/* SPDX-License-Identifier: MIT */
#ifndef MODEL_H
#define MODEL_H

#include "measure.h"

#define MS 1000000LL		/* in ns */

/* The record on an ideal machine, without those that are refused. */
void ideal_record(const struct experiment *experiment,
	struct record *record);

/* How many are made until enough are accepted. */
unsigned made_in_all(const struct experiment *experiment);

struct figures figures_of(const struct experiment *experiment,
	const struct record *record);

#endif /* MODEL_H */
