/* suite.c - the checks of "Closing in order" */
/* SPDX-License-Identifier: MIT */
/*
 * notify waits at a gate, so that bell_close finds it running; the pool has
 * one thread, so that a callback stays queued while another is held. After
 * bell_close its argument is freed: whoever still uses it is caught by
 * AddressSanitizer and by the explorer.
 */
#include <stdlib.h>

#include "explore.h"
#include "suite.h"

#include "bell.h"
#include "trigger.h"

/* What notify is given. */
struct owner {
	struct gate *hold;		/* NULL: notify returns at once */
	unsigned long last;		/* call that gives false; 0: none */
	unsigned long calls;		/* notify is not called in parallel */
};

static struct bell *bell;
static struct owner *owner;
static HANDLE semaphore;		/* our own handle of it */
static struct gate hold, other_hold;
static struct tally begun, ended, closed, other_begun;
static PTP_POOL pool;
static TP_CALLBACK_ENVIRON settings;

static bool
notify(void *argument)
{
	struct owner *mine = argument;

	require(tally_read(&closed) == 0,
		"notify was called when bell_close had returned");
	tally_add(&begun);
	mine->calls++;
	if (mine->hold != NULL)
		gate_wait(mine->hold);
	tally_add(&ended);
	return mine->calls != mine->last;
}

static void
start(bool held, unsigned long last)
{
	static const struct tally zero = TALLY_ZERO;
	static const struct gate shut = GATE_SHUT;
	HANDLE given;

	begun = ended = closed = other_begun = zero;
	hold = other_hold = shut;
	pool = CreateThreadpool(NULL);
	require(pool != NULL, "the check itself could not make a pool");
	SetThreadpoolThreadMaximum(pool, 1);
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
	owner = malloc(sizeof(*owner));
	semaphore = CreateSemaphore(NULL, 0, 1000, NULL);
	require(owner != NULL && semaphore != NULL &&
		DuplicateHandle(GetCurrentProcess(), semaphore,
			GetCurrentProcess(), &given, 0, FALSE,
			DUPLICATE_SAME_ACCESS),
		"the check itself could not make a semaphore");
	*owner = (struct owner){ held ? &hold : NULL, last, 0 };
	bell = bell_open(given, &settings, notify, owner);
	require(bell != NULL, "bell_open gave NULL");
}

static void
ring(void *unused)
{
	(void)unused;
	ReleaseSemaphore(semaphore, 1, NULL);
}

static void
close_bell(void *unused)
{
	(void)unused;
	bell_close(bell);
	tally_add(&closed);
}

/* The bell is closed: nothing may use what it was given. */
static void
finish(void)
{
	unsigned long running = tally_read(&begun) - tally_read(&ended);

	require(running == 0,
		"bell_close returned while notify was running");
	free(owner);
	ring(NULL);
	await_still();
	CloseHandle(semaphore);
	CloseThreadpool(pool);
	await_still();
}

/* ---- While notify runs ---- */

static void
close_while_it_runs(unsigned rings)
{
	struct actor closer;

	start(true, 0);
	for (unsigned i = 0; i < rings; i++)
		ring(NULL);
	tally_await(&begun, 1);
	actor_start(&closer, close_bell, NULL);
	await_still();
	require(!actor_done(&closer),
		"bell_close returned while notify was running");
	gate_open(&hold);
	awaiting("bell_close to return after the last call of notify");
	actor_join(&closer);
	require(tally_read(&begun) == 1, "bell_close had been called, a call "
		"of notify was running, and another one began after it");
	finish();
}

/* Closes as soon as notify has been called so often. */
static void
close_after(unsigned calls)
{
	start(false, 0);
	for (unsigned i = 0; i < calls; i++) {
		ring(NULL);
		awaiting("notify to be called for each signal");
		tally_await(&ended, i + 1);
	}
	awaiting("bell_close to return");
	close_bell(NULL);
	finish();
}

static _Thread_local bool closes;	/* this thread, and signals late */
static unsigned locks;			/* of its own, so far */
static unsigned late;			/* before which of them it signals */

/* The steps of bell_close that have to do with what is waited for. */
static void
ring_late(void *mutex)
{
	if (closes && mutex == &tp_waitable_lock.mutex && ++locks == late)
		ring(NULL);
}

/* A signal that comes while bell_close is at work. */
static void
close_with_a_late_signal(unsigned before)
{
	start(false, 0);
	ring(NULL);
	locks = 0;
	late = before;
	closes = true;
	at_each(BEFORE_LOCK, ring_late);
	close_bell(NULL);
	at_each(BEFORE_LOCK, NULL);
	closes = false;
	finish();
}

CHECK(close_returns_after_the_last_call)
{
	if (explore_active()) {	/* natively that is a matter of luck */
		close_with_a_late_signal(1);
		return;
	}
	close_while_it_runs(1);
	close_after(3);
}

CHECK(no_call_begins_when_it_closes)
{
	if (explore_active())	/* natively that is a matter of luck */
		close_with_a_late_signal(2);	/* it is nearly through */
	else
		close_while_it_runs(3);
}

/* ---- While a callback is queued ---- */

static VOID CALLBACK
occupy(PTP_CALLBACK_INSTANCE instance, PVOID unused)
{
	(void)instance;
	(void)unused;
	tally_add(&other_begun);
	gate_wait(&other_hold);
}

CHECK(what_is_queued_is_dropped)
{
	struct actor closer;

	start(true, 0);
	require(TrySubmitThreadpoolCallback(occupy, NULL, &settings),
		"the check itself could not post a callback");
	tally_await(&other_begun, 1);
	ring(NULL);
	ring(NULL);
	actor_start(&closer, close_bell, NULL);
	await_still();
	require(actor_done(&closer), "a callback was queued, the thread of "
		"the pool was busy with something else, and bell_close waited "
		"for it");
	actor_join(&closer);
	gate_open(&other_hold);
	await_still();
	require(tally_read(&begun) == 0, "a callback was queued when the bell "
		"was closed, and notify was called all the same");
	gate_open(&hold);
	finish();
}

/* ---- After the last call ---- */

static void
close_after_the_last(bool held)
{
	struct actor closer;

	start(held, 2);
	ring(NULL);
	ring(NULL);
	ring(NULL);
	gate_open(&hold);
	awaiting("notify to be called twice");
	tally_await(&ended, 2);
	await_still();
	require(tally_read(&begun) == 2,
		"notify had returned false and was called again");
	actor_start(&closer, close_bell, NULL);
	awaiting("bell_close to return after notify had returned false");
	actor_join(&closer);
	finish();
}

CHECK(the_last_call_leaves_the_bell_open)
{
	close_after_the_last(false);
	close_after_the_last(true);
}
