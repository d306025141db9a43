/* inside.h - callbacks that know who is inside with them */
/* SPDX-License-Identifier: MIT */
/*
 * What the scenarios of pools have in common: a crowd, whose callbacks count
 * how many of them run at once, and fail if that is more than the limit; and
 * a pair, whose callbacks need each other, so that two threads it must be.
 *
 * Where two things shall happen at the same time, they are given the same
 * time: a worker that leaves after 10 ms, and a Sleep(10). In virtual time
 * both are due at one moment, and every order of the two is tried.
 *
 * Everything here is inline: a suite takes what it needs.
 */
#ifndef INSIDE_H
#define INSIDE_H

#include "scenario.h"

/* ---- Crowds ---- */

/* Callbacks that know how many of them are inside at once. */
struct crowd {
	struct site site;
	LONG volatile inside, most, runs;
	LONG volatile limit;	/* more than so many are never inside */
};

static inline VOID CALLBACK
enter_and_leave(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct crowd *crowd = context;
	LONG inside = InterlockedIncrement(&crowd->inside);

	(void)instance;
	(void)work;
	ck_assert_int_le(inside, count_of(&crowd->limit));
	InterlockedIncrement(&crowd->runs);
	InterlockedDecrement(&crowd->inside);
}

static inline bool
try_crowd(struct crowd *crowd, DWORD minimum, DWORD maximum)
{
	set_times(NULL, NULL, NULL);
	return try_site(&crowd->site, minimum, maximum, enter_and_leave,
		crowd);
}

/* ---- Pairs ---- */

/* Two that need each other. */
struct pair {
	struct site site;
	struct tally inside;
};

static inline VOID CALLBACK
wait_for_the_other(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct pair *pair = context;

	(void)instance;
	(void)work;
	tally_add(&pair->inside);
	tally_await(&pair->inside, 2);
}

#endif /* INSIDE_H */
