/* clock.h - a clock that stands still until the check moves it */
/* SPDX-License-Identifier: MIT */
/*
 * A suite that lists clock.c has virtual time: natively by clock.c, and
 * explored by the explorer. Both clocks of the system, waits for a condition
 * with a time limit and sleeps are then of this time, in the answer and in
 * what it is linked with. It stands still while anything can run.
 *
 * In an explored check only one of two things that happen at the very same
 * time may have happened when clock_to returns: let it end a little later.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>

/* It is 0 now; the caller moves the clock, and nobody else sleeps yet. */
void clock_begin(void);

/* As clock_begin; the machine has been up so long. Not if explored. */
void clock_begin_after(long long milliseconds);

/*
 * Lets the clock go on to that time. What is due on the way happens in its
 * order, each when everything else has come to rest.
 */
void clock_to(long long microseconds);

/* The time since clock_begin, in microseconds; any thread may ask. */
long long clock_us(void);

/* Sets the wall clock, which is CLOCK_REALTIME, forward or back. */
void clock_step_wall(long milliseconds);

#endif /* CLOCK_H */
