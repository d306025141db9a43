/* call.h - a question that is asked until it is answered, or too late */
/* SPDX-License-Identifier: MIT */
#ifndef CALL_H
#define CALL_H

#include <stdbool.h>

#include "threadpool.h"

/* Asks once, and says whether there was an answer. It may take its time. */
typedef bool (*call_ask)(void *context);

/* The call is over: it frees the context. answered: there was an answer. */
typedef void (*call_over)(void *context, bool answered);

/*
 * Begins a call. ask(context) is called at once, and then every `interval`
 * ms, whether or not earlier ones have returned, until one of them says
 * true, or `limit` ms have passed; neither is 0. What comes first decides:
 * then no more of them become due.
 *
 * When none runs any more, and none will ever begin, over(context, answered)
 * is called, once, by some thread. It comes without anybody's doing, and
 * needs no more memory and no more threads than there are when call_begin
 * returns: the default pool may have but one.
 *
 * False: there is no memory. Then over is never called, and when call_begin
 * returns no ask runs, and none will begin.
 */
bool call_begin(DWORD interval, DWORD limit, call_ask ask, call_over over,
	void *context);

#endif /* CALL_H */
