/* duel.h - what the scenarios of wait objects have in common */
/* SPDX-License-Identifier: MIT */
/*
 * A duel is a wait object in a pool of one thread, against whom somebody
 * signals, or time runs. Its callbacks count what they are told, and none
 * may run when it is over: then it has been set to NULL, and waited for. A
 * time-out is set as that of a watch is (watch.h).
 *
 * Everything here is inline: a suite takes what it needs.
 */
#ifndef DUEL_H
#define DUEL_H

#include "scenario.h"
#include "watch.h"

struct duel {
	struct private_pool private;
	PTP_WAIT wait;
	LONG volatile signals, timeouts, over;
	int mark;		/* the callbacks': only the pool orders them */
};

static inline VOID CALLBACK
count_result(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct duel *duel = context;

	(void)instance;
	ck_assert_ptr_eq(wait, duel->wait);
	ck_assert_int_eq(count_of(&duel->over), 0);
	duel->mark++;
	if (result == WAIT_OBJECT_0) {
		InterlockedIncrement(&duel->signals);
	} else {
		ck_assert_uint_eq(result, WAIT_TIMEOUT);
		InterlockedIncrement(&duel->timeouts);
	}
}

/* A wait object in the pool, or nothing. */
static inline PTP_WAIT
try_wait(struct private_pool *private, PTP_WAIT_CALLBACK callback,
	PVOID context)
{
	PTP_WAIT wait = CreateThreadpoolWait(callback, context,
		&private->environ);

	(void)made(wait);
	return wait;
}

/* A pool of one thread with one wait object, or nothing. */
static inline bool
try_duel_of(struct duel *duel, PTP_WAIT_CALLBACK callback, PVOID context)
{
	set_times(NULL, NULL, NULL);
	if (!try_pool(&duel->private, 1, 1))
		return false;
	duel->wait = try_wait(&duel->private, callback, context);
	if (duel->wait == NULL)
		private_pool_close(&duel->private);
	if (explore_active())
		explore_search_here();	/* what came before is no race */
	return duel->wait != NULL;
}

static inline bool
try_duel(struct duel *duel)
{
	return try_duel_of(duel, count_result, duel);
}

/* What the pool can still do without others, it does. */
static inline void
settle(void)
{
	if (explore_active())
		explore_await_still();
}

/* From here on no callback runs: WAIT-19. */
static inline void
duel_stop(struct duel *duel)
{
	SetThreadpoolWait(duel->wait, NULL, NULL);
	WaitForThreadpoolWaitCallbacks(duel->wait, TRUE);
	InterlockedIncrement(&duel->over);
	ck_assert_int_eq(duel->mark,
		count_of(&duel->signals) + count_of(&duel->timeouts));
}

/* All that was posted has run: so many callbacks there were. */
static inline LONG
callbacks_of(struct duel *duel)
{
	WaitForThreadpoolWaitCallbacks(duel->wait, FALSE);
	return count_of(&duel->signals) + count_of(&duel->timeouts);
}

static inline void
duel_close(struct duel *duel)
{
	settle();
	assert_at_rest(duel->wait);
	CloseThreadpoolWait(duel->wait);
	private_pool_close(&duel->private);
}

#endif /* DUEL_H */
