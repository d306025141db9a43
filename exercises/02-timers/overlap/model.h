/* model.h - when callbacks begin, if nothing else takes time */
/* SPDX-License-Identifier: MIT */
#ifndef MODEL_H
#define MODEL_H

#include "measure.h"

#define MS 1000000LL		/* in ns */

/* The record of an experiment on an ideal machine, on which it is set at 0. */
void ideal_record(const struct experiment *experiment,
	struct record *record);

struct figures figures_of(const struct experiment *experiment,
	const struct record *record);

#endif /* MODEL_H */
