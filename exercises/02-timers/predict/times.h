/* times.h - the timers in question, and how an answer is written */
/* SPDX-License-Identifier: MIT */
#ifndef TIMES_H
#define TIMES_H

enum letter { A, B, C, D, E, F, G, H, TIMER_COUNT };

#define HORIZON 200	/* ms: what comes later is not asked */
#define MOST 10		/* times of one timer */

struct answer {
	int count;		/* of times; -1: no answer yet */
	int ms[MOST];		/* in their order, in full milliseconds */
};

/* FIRES(30, 60): at 30 ms and at 60 ms, and at no other time below 200 ms. */
#define FIRES(...) { sizeof((int[]){ __VA_ARGS__ }) / sizeof(int), \
	{ __VA_ARGS__ } }
#define NEVER { 0, { 0 } }
#define UNDECIDED { -1, { 0 } }

/* Yours to write. */
extern const struct answer answers[TIMER_COUNT];

#endif /* TIMES_H */
