/* bell.h - calls a function for each signal of a semaphore */
/* SPDX-License-Identifier: MIT */
#ifndef BELL_H
#define BELL_H

#include <stdbool.h>

#include "threadpool.h"

struct bell;

/*
 * From now on each signal of the semaphore has a thread of the pool call
 * notify(argument), one call after the other. If notify returns false, that
 * was the last call; the bell stays open all the same. The bell owns the
 * handle, and others may have handles of the same semaphore and signal it,
 * before, during and after bell_close. NULL: no memory, or no thread; the
 * handle is still the caller's then.
 */
struct bell *bell_open(HANDLE semaphore, PTP_CALLBACK_ENVIRON environment,
	bool (*notify)(void *argument), void *argument);

/*
 * Yours to repair. No call of notify begins any more, not even for signals
 * that have been taken already. When it returns, the last call has returned,
 * and nothing is left: neither the bell nor its handle. Is called once, and
 * never in notify.
 */
void bell_close(struct bell *bell);

#endif /* BELL_H */
