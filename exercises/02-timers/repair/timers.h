/* timers.h - a timer thread: what it promises */
/* SPDX-License-Identifier: MIT */
#ifndef TIMERS_H
#define TIMERS_H

#include <stdbool.h>

/*
 * Timers: yours to repair. timers_start begins one thread, and gives NULL
 * if it cannot. timers_add has run(argument) called on that thread, once,
 * when so many microseconds have passed: not before, however short they
 * are, and less than a millisecond later if no other callback runs then.
 * Microseconds are those of the clock that nobody sets, from 0 to years.
 * Callbacks run one after another, in the order of their times, and those of
 * the same time in the order in which they were added; they may call
 * timers_add. It gives false if there is no memory.
 *
 * timers_stop may be called at any time, but not by a callback. It waits for
 * the callback that runs, drops all others, and returns when the thread has
 * ended; then the timers are gone. Nothing is added once it is called.
 */
struct timers;

struct timers *timers_start(void);
bool timers_add(struct timers *timers, long long microseconds,
	void (*run)(void *argument), void *argument);
void timers_stop(struct timers *timers);

#endif /* TIMERS_H */
