/* watch.h - what the suites of wait objects have in common */
/* SPDX-License-Identifier: MIT */
/*
 * A watch is a wait object in a pool of its own, together with tallies of
 * what its callbacks were told.
 *
 * A signal posts the callback before the call that signals returns, and so
 * does a time-out of zero. So no test needs to wait in order to find that
 * nothing has come: when WaitForThreadpoolWaitCallbacks returns, all that
 * was posted has run.
 *
 * Everything here is inline: a suite takes what it needs.
 */
#ifndef WATCH_H
#define WATCH_H

#include "elapsed.h"

#define FAR		(INT64_MIN + 1)	/* a due time that is not in our time */

struct watch {
	struct private_pool private;
	PTP_WAIT wait;
	struct tally signals, timeouts;
	LONGLONG last;			/* when the last one was told */
	struct gate *gate;		/* each waits there; NULL: none */
	HANDLE again;			/* each sets the wait to it; or NULL */
};

#define WATCH_INIT { .signals = TALLY_INIT, .timeouts = TALLY_INIT }

static inline VOID CALLBACK
note_result(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct watch *watch = context;

	(void)instance;
	watch->last = ticks_now();
	if (wait != watch->wait ||
	    (result != WAIT_OBJECT_0 && result != WAIT_TIMEOUT))
		abort();		/* WAIT-16; on a thread of the pool */
	if (watch->gate != NULL)
		gate_wait(watch->gate);
	if (watch->again != NULL)
		SetThreadpoolWait(wait, watch->again, NULL);
	tally_add(result == WAIT_OBJECT_0 ? &watch->signals :
		&watch->timeouts);
}

static inline VOID CALLBACK
count_signal(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)wait;
	if (result == WAIT_OBJECT_0)
		tally_add(context);
}

static inline VOID CALLBACK
close_itself(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)result;
	CloseThreadpoolWait(wait);
	tally_add(context);
}

static inline PTP_WAIT
wait_object(PTP_WAIT_CALLBACK callback, PVOID context,
	struct private_pool *private)
{
	PTP_WAIT wait = CreateThreadpoolWait(callback, context,
		&private->environ);

	ck_assert_ptr_nonnull(wait);
	return wait;
}

/* A wait object in a pool of one thread. */
static inline void
watch_open(struct watch *watch)
{
	private_pool_open(&watch->private, 1, 1);
	watch->wait = wait_object(note_result, watch, &watch->private);
}

/* Nothing comes any more (WAIT-19), and then nothing is left. */
static inline void
watch_close(struct watch *watch)
{
	SetThreadpoolWait(watch->wait, NULL, NULL);
	WaitForThreadpoolWaitCallbacks(watch->wait, TRUE);
	CloseThreadpoolWait(watch->wait);
	private_pool_close(&watch->private);
}

/* All that was posted has run, and so many signals and time-outs it was. */
static inline void
assert_told(struct watch *watch, unsigned long signals,
	unsigned long timeouts)
{
	WaitForThreadpoolWaitCallbacks(watch->wait, FALSE);
	ck_assert_uint_eq(tally_read(&watch->signals), signals);
	ck_assert_uint_eq(tally_read(&watch->timeouts), timeouts);
}

/* Sets the wait, with a time-out in so many ticks from now, or a date. */
static inline void
set_wait(PTP_WAIT wait, HANDLE handle, LONGLONG ticks)
{
	FILETIME timeout = file_time(ticks);

	SetThreadpoolWait(wait, handle, &timeout);
}

#endif /* WATCH_H */
