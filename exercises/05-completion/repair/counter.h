/* counter.h - a counter at which one order is served at a time */
/* SPDX-License-Identifier: MIT */
#ifndef COUNTER_H
#define COUNTER_H

#include <stdbool.h>

#include "threadpool.h"

struct counter;

/*
 * Opens a counter whose orders are served by threads of the pool. file: it is
 * called with the argument of each order that has been served. NULL if there
 * is no memory.
 */
struct counter *counter_open(PTP_POOL pool, void (*file)(void *argument));

/*
 * Has an order served: a thread of the pool calls serve(argument), when no
 * other order of this counter is being served. If that returns true, file is
 * called with the argument; if false, the order has been refused, and is not
 * filed. Several threads may call it at once.
 *
 * Returns what serve has returned, when all is done: from then on the counter
 * uses the argument no more, and no function of the application's runs for
 * this order. False also if there is no memory; then serve is not called.
 */
bool counter_serve(struct counter *counter, bool (*serve)(void *argument),
	void *argument);

/*
 * Closes the counter. Nobody is in counter_serve any more when it is called.
 * Returns how many orders have been served.
 */
unsigned counter_close(struct counter *counter);

#endif /* COUNTER_H */
