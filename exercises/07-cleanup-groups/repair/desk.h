/* desk.h - a desk that serves requests, and drops what it cannot serve */
/* SPDX-License-Identifier: MIT */
#ifndef DESK_H
#define DESK_H

#include <stdbool.h>

#include "threadpool.h"

struct desk;

/*
 * Opens a desk whose requests are served by the pool. beat: called with the
 * context every `period` ms while the desk is open; NULL: no beat. NULL if
 * there is no memory.
 */
struct desk *desk_open(PTP_POOL pool, DWORD period,
	void (*beat)(void *context), void *context);

/*
 * Takes a request. Exactly one of serve(argument) and drop(argument) is
 * called, once, and by the time that it has returned the desk needs no
 * memory for this request any more, or soon after. False if there is no
 * memory: then neither is called.
 */
bool desk_take(struct desk *desk, void (*serve)(void *argument),
	void (*drop)(void *argument), void *argument);

/*
 * Closes the desk. cancel: requests that are not being served yet are
 * dropped, and else served. Returns when nothing runs any more: no serve, no
 * drop, no beat. Nobody takes requests any more when it is called; it is
 * called by none of the three.
 */
void desk_close(struct desk *desk, bool cancel);

#endif /* DESK_H */
