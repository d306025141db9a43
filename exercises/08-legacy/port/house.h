/* house.h - a house that is looked after */
/* SPDX-License-Identifier: MIT */
#ifndef HOUSE_H
#define HOUSE_H

#include <stdbool.h>

#include "threadpool.h"

#define HOUSE_DOORS 2

/*
 * What there is to look after, and who is told. The functions run on threads
 * of the pool; they may take long, and may call house_report.
 */
struct house_plan {
	HANDLE doors[HOUSE_DOORS];	/* auto-reset events: it was opened */
	DWORD quiet;			/* ms; INFINITE: for ever */
	HANDLE evening;			/* a manual-reset event */
	DWORD round;			/* ms */

	/*
	 * A door was opened; or (opened is false) it was not, for `quiet`
	 * ms since it was last told of. Of one door one is told at a time,
	 * and the next thing that is told of it is what happens then, or has
	 * happened meanwhile.
	 */
	void (*tell_door)(void *context, int door, bool opened);

	/* The evening has come: once, although the event stays set. */
	void (*tell_evening)(void *context);

	/*
	 * Time for a round: when `round` ms have passed, and each time they
	 * have passed again. One at a time, and none is left out, however
	 * long they take.
	 */
	void (*make_round)(void *context);

	/* Writes a report that house_report has taken; it may take hours. */
	void (*write_report)(void *context, int subject);

	void *context;			/* for all of them */
};

struct house;

/*
 * Looks after a house from now on; the plan is copied. NULL: there is no
 * memory; then nobody is told anything when it has returned.
 */
struct house *house_open(const struct house_plan *plan);

/*
 * Has a report written, beside all others, and without keeping anything else
 * waiting. False: there is no memory, and it is not. Before house_close is
 * called, by anybody; then by what it still waits for.
 */
bool house_report(struct house *house, int subject);

/*
 * Ends it. What has happened, or has been taken, is still told; when this
 * returns all has been told, nobody will be told any more, and the house is
 * gone. Called once, and by none of the functions.
 */
void house_close(struct house *house);

#endif /* HOUSE_H */
