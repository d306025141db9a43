/* beat.h - something that happens again and again, until it is stopped */
/* SPDX-License-Identifier: MIT */
#ifndef BEAT_H
#define BEAT_H

#include "threadpool.h"

struct beat;

/*
 * One beat. Returns in how many ms it wants to be called again, 0 for never;
 * of a beat with a period the result does not matter. It may stop the beat.
 */
typedef DWORD (*beat_tick)(struct beat *beat, void *context);

/*
 * Has tick(beat, context) called by a timer of the environment: after
 * `first` ms, and then every `period` ms, whether or not earlier ticks have
 * returned. A period of 0: whenever the time has passed that the last tick
 * returned. NULL if there is no memory; then nothing is ever called.
 */
struct beat *beat_start(PTP_CALLBACK_ENVIRON environment, DWORD first,
	DWORD period, beat_tick tick, void (*done)(void *context),
	void *context);

/*
 * Stops it for good. Cannot fail, is called once, by any thread, and needs no
 * more memory and no more threads than the beat has already. Ticks that are
 * due but have not begun are dropped. When no tick runs any more and none
 * will ever begin, done(context) is called, once: it frees the context.
 *
 * Called by whoever is not a tick of this beat (by a tick of another, too),
 * it returns when done has returned. Called by a tick of this beat, it does
 * not wait, since it would wait for itself: it returns at once, and done is
 * called by some thread later, when the last tick has returned.
 */
void beat_stop(struct beat *beat);

#endif /* BEAT_H */
