/* event.h - an event of one's own: what it promises */
/* SPDX-License-Identifier: MIT */
#ifndef EVENT_H
#define EVENT_H

#include <stdbool.h>

#define FOREVER (-1L)

enum outcome { SIGNALLED, TIMED_OUT, CANCELLED };

/*
 * Yours to repair. A manual-reset event stays set until it is reset, and
 * frees everybody who waits. An auto-reset event frees one: whoever gets its
 * signal takes it. NULL: no memory.
 */
struct event;

struct event *event_create(bool manual, bool set);
void event_free(struct event *event);		/* nobody waits any more */

/*
 * Manual: all that wait now get the signal, whatever comes after, and the
 * event is set. Auto: one of those that wait and have not got a signal yet
 * gets it; if there is none, the event is set. It is a state, and no count.
 */
void event_set(struct event *event);

/* The event is not set. A signal that somebody has got remains got. */
void event_reset(struct event *event);

/* All that wait now and have not got a signal return CANCELLED. */
void event_cancel(struct event *event);

/*
 * If the event is set: SIGNALLED, at once, and an auto-reset event is set no
 * more. Else waits: SIGNALLED if it got a signal; CANCELLED; TIMED_OUT if
 * neither has come within so many milliseconds. FOREVER: no limit. 0: only
 * looks.
 */
enum outcome event_wait(struct event *event, long milliseconds);

#endif /* EVENT_H */
