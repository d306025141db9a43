/* painters.h - a plug-in that paints houses, and what its host tells it */
/* SPDX-License-Identifier: MIT */
#ifndef PAINTERS_H
#define PAINTERS_H

#include "threadpool.h"

#define PAINTERS "painters"	/* the plug-in's name, for LoadLibrary */

/* What the host wants done, and with what. It stays the host's. */
struct order {
	HMODULE plugin;		/* the library of the painters */
	PTP_POOL pool;		/* its threads are to do it */
	LONG walls;		/* at least one */
	void (*paint)(void *house, LONG wall);		/* the host's */
	void (*finished)(void *house, BOOL painted);	/* the host's */
	void *house;
};

/*
 * All of the plug-in that the host calls. It loads the library, has this
 * called as a simple callback in order->pool, with the order as the context,
 * and forgets it: the reference is this callback's, and the host does not
 * free it.
 *
 * Calls paint(house, wall) for each wall, 0 to walls - 1, in a callback of
 * its own in that pool: at the same time, if there are threads; there may be
 * one only. When all of these calls have returned, finished(house, TRUE)
 * is called, once. If there is no memory for it, nothing is painted, and
 * finished(house, FALSE) is called, once. The order may be gone as soon as
 * finished is called.
 *
 * The library is loaded until none of its callbacks is queued or runs any
 * more. Then, of the references to it, that of this callback is gone, and no
 * other: if there was no other, it is unloaded.
 */
VOID CALLBACK paint_house(PTP_CALLBACK_INSTANCE instance, PVOID order);

#endif /* PAINTERS_H */
