/* suite.c - the checks of "A wait that sets itself again" */
/* SPDX-License-Identifier: MIT */
/*
 * Callbacks stand at a gate while the check ends their wait, and time stands
 * still until the check moves it. The context of a wait is freed as soon as
 * the answer has said that no call runs: whoever still calls uses it.
 */
#include <stdlib.h>

#include "clock.h"
#include "explore.h"
#include "suite.h"

#include "registered.h"
#include "trigger.h"

#define CALLS 16		/* at most, of one registration */
#define MS 1000LL		/* in microseconds */
#define DAY (24 * 3600 * 1000 * MS)
#define ALLOCATIONS 6		/* of one registration, at most */

/* What a callback is given. */
struct context {
	BOOLEAN timed_out[CALLS + 1];	/* the first call is number 1 */
	unsigned long touched;		/* the last thing that a call does */
};

PTP_POOL old_pool;
static HANDLE object, other_object, finished, wait;
static struct context *context;
static void (*act)(unsigned long number);	/* a call does; or NULL */
static unsigned long hold_from;		/* calls wait at the gate; 0: none */
static struct gate gate, other_gate;
static struct tally begun, ended, over, other_begun, other_ended;

static VOID CALLBACK
called(PVOID parameter, BOOLEAN timed_out)
{
	struct context *mine = parameter;
	unsigned long number;

	require(tally_read(&over) == 0, "a call began after UnregisterWaitEx "
		"had said that none runs any more");
	number = tally_add(&begun);
	require(tally_read(&ended) == number - 1,
		"two calls of one registration ran at the same time");
	require(number <= CALLS, "the callback was called again and again");
	require(wait != NULL, "the callback was called, and the wait handle "
		"was not there yet");
	mine->timed_out[number] = timed_out;
	if (hold_from > 0 && number >= hold_from)
		gate_wait(&gate);
	if (act != NULL)
		act(number);
	mine->touched = number;
	tally_add(&ended);
}

/* ---- A pool, an event, a registration ---- */

static void
start(DWORD threads)
{
	static const struct tally zero = TALLY_ZERO;
	static const struct gate shut = GATE_SHUT;

	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	clock_begin();
	begun = ended = over = other_begun = other_ended = zero;
	gate = other_gate = shut;
	hold_from = 0;
	act = NULL;
	wait = NULL;
	old_pool = CreateThreadpool(NULL);
	require(old_pool != NULL, "the check itself could not make a pool");
	SetThreadpoolThreadMaximum(old_pool, threads);
	require(SetThreadpoolThreadMinimum(old_pool, threads),
		"the check itself could not make a pool");
	object = CreateEvent(NULL, FALSE, FALSE, NULL);
	other_object = CreateEvent(NULL, TRUE, FALSE, NULL);
	finished = CreateEvent(NULL, TRUE, FALSE, NULL);
	context = calloc(1, sizeof(*context));
	require(object != NULL && other_object != NULL && finished != NULL &&
		context != NULL, "the check itself has no memory");
	await_still();
}

static void
enroll(HANDLE handle, DWORD milliseconds, ULONG flags)
{
	require(RegisterWaitForSingleObject(&wait, handle, called, context,
		milliseconds, flags),
		"RegisterWaitForSingleObject gave FALSE");
}

/* No call runs, and none begins any more. */
static void
no_more(void)
{
	tally_add(&over);
	require(tally_read(&begun) == tally_read(&ended),
		"UnregisterWaitEx said that no call runs, and one did");
	free(context);
	context = NULL;
}

/* Signals what nobody waits for any more. */
static void
finish(void)
{
	SetEvent(object);
	SetEvent(other_object);
	clock_to(clock_us() + 1000 * MS);
	if (context != NULL)
		no_more();
	CloseHandle(object);
	CloseHandle(other_object);
	CloseHandle(finished);
	CloseThreadpool(old_pool);
	await_still();
}

static void
expect_calls(unsigned long calls, const char *when)
{
	unsigned long count;

	await_still();
	count = tally_read(&begun);
	require(count == calls, "%s there had been %lu calls, not %lu", when,
		count, calls);
}

static void
expect_time_out(unsigned long number, bool timed_out)
{
	BOOLEAN told;

	tally_await(&ended, number);
	told = context->timed_out[number];
	require((told != FALSE) == timed_out, timed_out ?
		"a time-out was reported as a signal" :
		"a signal was reported as a time-out");
}

/* What UnregisterWaitEx is given. */
enum way { AT_ONCE, WITH_EVENT, AND_WAIT };

static HANDLE
completion(enum way way)
{
	if (way == AND_WAIT)
		return INVALID_HANDLE_VALUE;
	return way == WITH_EVENT ? finished : NULL;
}

static bool
is_finished(void)
{
	return WaitForSingleObject(finished, 0) == WAIT_OBJECT_0;
}

/* Ends the wait; whether a call runs is known. */
static void
unregister(enum way way, bool runs)
{
	DWORD error;
	BOOL done;

	SetLastError(ERROR_CANCELLED);
	awaiting("UnregisterWaitEx to return");
	done = UnregisterWaitEx(wait, completion(way));
	error = GetLastError();
	awaiting(NULL);
	require(!done || !runs, "a call ran, and UnregisterWaitEx gave TRUE");
	require(done || runs, "no call ran, and UnregisterWaitEx gave FALSE");
	require(done || error == ERROR_IO_PENDING, "a call ran, and "
		"UnregisterWaitEx gave FALSE with the error code %lu",
		(unsigned long)error);
	if (done)
		no_more();
}

/* ---- Signals and times ---- */

static void
signal_and_time_out(void)
{
	start(1);
	enroll(object, 50, WT_EXECUTELONGFUNCTION);
	clock_to(20 * MS + 500);
	expect_calls(0, "before the signal and the time-out");
	SetEvent(object);
	expect_calls(1, "after the signal");
	expect_time_out(1, false);
	clock_to(70 * MS);
	expect_calls(1, "49.5 ms after the signal");
	clock_to(71 * MS);
	expect_calls(2, "51 ms after the signal");
	expect_time_out(2, true);
	clock_to(120 * MS);
	expect_calls(2, "49.5 ms after a time-out");
	clock_to(121 * MS);
	expect_calls(3, "51 ms after a time-out");
	expect_time_out(3, true);
	SetEvent(object);
	expect_calls(4, "after a signal that followed a time-out");
	expect_time_out(4, false);
	unregister(AT_ONCE, false);
	finish();
}

static void
never_and_at_once(void)
{
	start(1);
	enroll(object, INFINITE, WT_EXECUTEDEFAULT);
	clock_to(explore_active() ? 3000 * MS : 60 * DAY);
	expect_calls(0, "with a time-out of INFINITE, and without a signal,");
	unregister(AT_ONCE, false);
	finish();

	start(1);
	enroll(object, 0, WT_EXECUTEONLYONCE);
	clock_to(clock_us() + 1);
	expect_calls(1, "with a time-out of 0 ms");
	expect_time_out(1, true);
	unregister(AT_ONCE, false);
	finish();

	start(1);
	SetEvent(object);
	enroll(object, 0, WT_EXECUTEONLYONCE);
	expect_calls(1, "with an object that was signalled before");
	expect_time_out(1, false);
	unregister(AT_ONCE, false);
	finish();
}

/* Its due time, in units of 100 ns, has more than 32 bits. */
static void
long_time(void)
{
	start(1);
	enroll(object, 10 * 60 * 1000, WT_EXECUTEDEFAULT);
	clock_to(599 * 1000 * MS);
	expect_calls(0, "with a time-out of 600 s, after 599 s");
	clock_to(601 * 1000 * MS);
	expect_calls(1, "with a time-out of 600 s, after 601 s");
	unregister(AT_ONCE, false);
	finish();
}

CHECK(signals_and_time_outs_come_again)
{
	signal_and_time_out();
	never_and_at_once();
	if (!one_of_many())
		long_time();
}

/* ---- One call after the other ---- */

static void
reset_by_the_third(unsigned long number)
{
	if (number == 3)
		ResetEvent(other_object);
}

static void
storm(void)
{
	start(2);
	hold_from = 1;
	act = reset_by_the_third;
	SetEvent(other_object);
	enroll(other_object, INFINITE, WT_EXECUTEDEFAULT);
	expect_calls(1, "while the event was set and the first call ran,");
	gate_open(&gate);
	expect_calls(3, "when the third call had reset the event,");
	unregister(AT_ONCE, false);
	finish();
}

/* The time is that from the end of a call on. */
static void
long_call(void)
{
	start(2);
	hold_from = 1;
	enroll(object, 50, WT_EXECUTEDEFAULT);
	clock_to(200 * MS + 500);
	expect_calls(1, "while the first call ran");
	gate_open(&gate);
	await_still();
	clock_to(250 * MS);
	expect_calls(1, "49.5 ms after the end of a call that took 150 ms");
	clock_to(251 * MS);
	expect_calls(2, "51 ms after the end of a call that took 150 ms");
	unregister(AT_ONCE, false);
	finish();
}

CHECK(calls_do_not_overlap)
{
	storm();
	long_call();
}

/* ---- The end, while a call runs ---- */

static void
begin_a_call_of(DWORD threads, ULONG flags)
{
	start(threads);
	hold_from = 1;
	enroll(object, 50, flags);
	SetEvent(object);
	awaiting("a call after the signal");
	tally_await(&begun, 1);
	awaiting(NULL);
}

static void
begin_a_call(DWORD threads)
{
	begin_a_call_of(threads, WT_EXECUTEDEFAULT);
}

/* Lets the call return; it has been the last one. */
static void
let_it_return(void)
{
	SetEvent(object);
	gate_open(&gate);
	awaiting("the call to return");
	tally_await(&ended, 1);
	awaiting(NULL);
	await_still();
	clock_to(clock_us() + 200 * MS);
	expect_calls(1, "when the wait had been unregistered while the first "
		"call ran,");
}

/* ---- A wait that is for once ---- */

static void
call_once(DWORD milliseconds, ULONG flags, enum way way)
{
	start(2);
	SetEvent(other_object);
	enroll(other_object, milliseconds, WT_EXECUTEONLYONCE | flags);
	expect_calls(1, "after the signal of a wait that was for once");
	clock_to(clock_us() + 500 * MS);
	expect_calls(1, "after the only call of a wait that was for once");
	unregister(way, false);
	require(way != WITH_EVENT || is_finished(), "a wait that was for "
		"once was over, and the event was not set");
	finish();
}

/* Also while the call runs that is the only one. */
static void
end_the_only_call(enum way way)
{
	begin_a_call_of(2, WT_EXECUTEONLYONCE);
	unregister(way, true);
	await_still();
	require(!is_finished(), "the event was set while a call ran");
	let_it_return();
	require(way != WITH_EVENT || is_finished(),
		"the last call had returned, and the event was not set");
	finish();
}

CHECK(once_is_once)
{
	call_once(50, WT_EXECUTEDEFAULT, AT_ONCE);
	call_once(INFINITE, WT_EXECUTEDEFAULT, WITH_EVENT);
	call_once(INFINITE, WT_EXECUTELONGFUNCTION, AND_WAIT);
	if (one_of_many())	/* the end is explored by other checks */
		return;
	end_the_only_call(AT_ONCE);
	end_the_only_call(WITH_EVENT);
}

/* ---- The end, from inside ---- */

static enum way inside;
static DWORD error_inside;

static void
unregister_inside(unsigned long number)
{
	BOOL done;

	if (number != 1)
		return;
	SetLastError(ERROR_CANCELLED);
	done = UnregisterWaitEx(wait, completion(inside));
	require(!done, "the callback itself called UnregisterWaitEx, and that "
		"gave TRUE");
	require(GetLastError() == error_inside, "the callback itself called "
		"UnregisterWaitEx, and the error code was %lu",
		(unsigned long)GetLastError());
}

static void
end_from_inside(enum way way)
{
	begin_a_call(1);
	act = unregister_inside;
	inside = way;
	error_inside = ERROR_IO_PENDING;
	require(!is_finished(), "the event was set too early");
	let_it_return();
	require(way != WITH_EVENT || is_finished(), "the callback had "
		"unregistered its own wait, and the event was not set when it "
		"had returned");
	finish();
}

CHECK(null_says_whether_a_call_runs)
{
	start(1);
	enroll(object, 50, WT_EXECUTEDEFAULT);
	await_still();
	unregister(AT_ONCE, false);
	finish();

	begin_a_call(2);
	unregister(AT_ONCE, true);
	let_it_return();
	finish();

	end_from_inside(AT_ONCE);
}

CHECK(the_event_comes_after_the_last_call)
{
	start(1);
	enroll(object, 50, WT_EXECUTEDEFAULT);
	unregister(WITH_EVENT, false);
	require(is_finished(), "no call ran, UnregisterWaitEx returned, and "
		"the event was not set");
	finish();

	begin_a_call(2);
	unregister(WITH_EVENT, true);
	await_still();
	require(!is_finished(), "the event was set while a call ran");
	let_it_return();
	require(is_finished(),
		"the last call had returned, and the event was not set");
	finish();

	end_from_inside(WITH_EVENT);
}

/* ---- Waiting for the end ---- */

static void
unregister_and_wait(void *unused)
{
	(void)unused;
	require(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE),
		"UnregisterWaitEx waited for the call, and gave FALSE");
	no_more();
}

static void
wait_for_a_call(void)
{
	struct actor actor;

	begin_a_call(2);
	actor_start(&actor, unregister_and_wait, NULL);
	await_still();
	require(!actor_done(&actor), "UnregisterWaitEx with "
		"INVALID_HANDLE_VALUE returned while a call ran");
	let_it_return();
	awaiting("UnregisterWaitEx to return after the last call");
	actor_join(&actor);
	finish();
}

/* One that would wait for itself; and then another one, from outside. */
static void
wait_inside(void)
{
	begin_a_call(1);
	act = unregister_inside;
	inside = AND_WAIT;
	error_inside = ERROR_POSSIBLE_DEADLOCK;
	gate_open(&gate);
	awaiting("the callback to return, which has called UnregisterWaitEx "
		"with INVALID_HANDLE_VALUE");
	tally_await(&ended, 1);
	awaiting(NULL);
	await_still();
	SetEvent(object);
	expect_calls(2, "after a second signal, the first call having tried "
		"to wait for itself,");
	unregister(AND_WAIT, false);
	finish();
}

/* A call of another registration is no call of this one. */
static VOID CALLBACK
end_the_other(PVOID unused, BOOLEAN timed_out)
{
	(void)unused;
	(void)timed_out;
	require(UnregisterWaitEx(wait, completion(inside)), "a callback of "
		"another registration called UnregisterWaitEx, no call of "
		"this one ran, and it gave FALSE");
	no_more();
	tally_add(&other_ended);
}

static void
end_from_another(enum way way)
{
	HANDLE other;

	start(1);
	enroll(object, 50, WT_EXECUTEDEFAULT);
	inside = way;
	require(RegisterWaitForSingleObject(&other, other_object,
		end_the_other, NULL, INFINITE, WT_EXECUTEONLYONCE),
		"RegisterWaitForSingleObject gave FALSE");
	SetEvent(other_object);
	awaiting("a callback of another registration to return, which ends "
		"this one");
	tally_await(&other_ended, 1);
	awaiting(NULL);
	await_still();
	require(UnregisterWaitEx(other, NULL), "no call ran, and "
		"UnregisterWaitEx gave FALSE");
	finish();
}

CHECK(unregister_may_wait_but_not_for_itself)
{
	start(1);
	enroll(object, 50, WT_EXECUTEDEFAULT);
	unregister(AND_WAIT, false);
	finish();

	wait_for_a_call();
	wait_inside();
	if (one_of_many())	/* there is less at once in what follows */
		return;
	end_from_another(AT_ONCE);
	end_from_another(AND_WAIT);
}

/* ---- The end, while a call is queued ---- */

static VOID CALLBACK
occupy(PTP_CALLBACK_INSTANCE instance, PVOID unused)
{
	(void)instance;
	(void)unused;
	tally_add(&other_begun);
	gate_wait(&other_gate);
	tally_add(&other_ended);
}

/* The pool's only thread is busy with something else. */
static void
queue_a_call(void)
{
	TP_CALLBACK_ENVIRON settings;

	start(1);
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, old_pool);
	enroll(object, INFINITE, WT_EXECUTEDEFAULT);
	require(TrySubmitThreadpoolCallback(occupy, NULL, &settings),
		"the check itself could not post a callback");
	tally_await(&other_begun, 1);
	SetEvent(object);
	await_still();
}

static void
go_on(void)
{
	gate_open(&other_gate);
	tally_await(&other_ended, 1);
	await_still();
}

static void
end_while_it_is_queued(enum way way)
{
	BOOL done;

	queue_a_call();
	awaiting("UnregisterWaitEx to return, while a call is queued");
	done = UnregisterWaitEx(wait, completion(way));
	awaiting(NULL);
	if (done)
		no_more();
	else
		require(GetLastError() == ERROR_IO_PENDING, "a call was "
			"queued, and UnregisterWaitEx gave FALSE with "
			"another error code");
	require(way != WITH_EVENT || is_finished() == (done != FALSE),
		done ? "UnregisterWaitEx gave TRUE, and the event was not set" :
		"UnregisterWaitEx gave FALSE, no call had run, and the event "
		"was set");
	go_on();
	require(way != WITH_EVENT || is_finished(),
		"nothing was queued any more, and the event was not set");
	finish();
}

static void
wait_while_it_is_queued(void)
{
	struct actor actor;

	queue_a_call();
	actor_start(&actor, unregister_and_wait, NULL);
	await_still();
	go_on();
	awaiting("UnregisterWaitEx to return when nothing is queued any more");
	actor_join(&actor);
	finish();
}

/* ---- The end, at the time of a signal: explored ---- */

static void
signal_it(void *unused)
{
	(void)unused;
	SetEvent(object);
}

static void
end_at_a_signal(enum way way)
{
	struct actor actor;
	BOOL done;

	start(1);
	enroll(object, INFINITE, WT_EXECUTEDEFAULT);
	actor_start(&actor, signal_it, NULL);
	done = UnregisterWaitEx(wait, completion(way));
	if (way == WITH_EVENT)
		WaitForSingleObject(finished, INFINITE);
	if (done || way == WITH_EVENT)
		no_more();
	actor_join(&actor);
	await_still();
	finish();
}

static _Thread_local bool closes;	/* this thread, and signals late */
static unsigned locks;			/* of its own, so far */

/* The second step of the end that has to do with what is waited for. */
static void
signal_late(void *mutex)
{
	if (closes && mutex == &tp_waitable_lock.mutex && ++locks == 2)
		SetEvent(object);
}

/* A call that has just returned may set the wait object again. */
static void
end_at_a_late_signal(void)
{
	start(1);
	enroll(object, INFINITE, WT_EXECUTEDEFAULT);
	SetEvent(object);
	locks = 0;
	closes = true;
	at_each(BEFORE_LOCK, signal_late);
	if (UnregisterWaitEx(wait, NULL))
		no_more();
	at_each(BEFORE_LOCK, NULL);
	closes = false;
	await_still();
	finish();
}

CHECK(what_is_queued_is_dropped_or_waited_for)
{
	if (explore_active()) {
		end_at_a_late_signal();
		end_at_a_signal(AT_ONCE);
		end_at_a_signal(WITH_EVENT);
		end_at_a_signal(AND_WAIT);
		return;
	}
	end_while_it_is_queued(AT_ONCE);
	end_while_it_is_queued(WITH_EVENT);
	wait_while_it_is_queued();
}

/* ---- What fails ---- */

static void
expect_failure(BOOL done, DWORD expected, const char *call)
{
	DWORD error = GetLastError();

	require(!done, "%s gave TRUE", call);
	require(error == expected, "%s gave FALSE, and the last error was "
		"%lu, not %lu", call, (unsigned long)error,
		(unsigned long)expected);
	SetLastError(ERROR_CANCELLED);
}

static void
refuse_allocation(unsigned long number)
{
	unsigned long before;
	BOOL done;

	start(1);
	before = live_allocations();
	fail_allocation(number);
	SetLastError(ERROR_CANCELLED);
	done = RegisterWaitForSingleObject(&wait, object, called, context,
		INFINITE, WT_EXECUTEDEFAULT);
	fail_allocation(0);
	if (done) {
		unregister(AT_ONCE, false);
		finish();
		return;
	}
	expect_failure(done, ERROR_NOT_ENOUGH_MEMORY,
		"RegisterWaitForSingleObject, which was refused memory,");
	require(live_allocations() == before, "RegisterWaitForSingleObject "
		"gave FALSE, and left memory allocated");
	finish();
}

CHECK(what_fails_leaves_nothing_behind)
{
	unsigned long count = one_of_many() ? 2 : ALLOCATIONS;

	start(1);
	SetLastError(ERROR_CANCELLED);
	expect_failure(RegisterWaitForSingleObject(NULL, object, called,
		context, INFINITE, 0), ERROR_INVALID_PARAMETER,
		"RegisterWaitForSingleObject, without a place for the wait "
		"handle,");
	expect_failure(RegisterWaitForSingleObject(&wait, object, NULL,
		context, INFINITE, 0), ERROR_INVALID_PARAMETER,
		"RegisterWaitForSingleObject, without a callback,");
	expect_failure(UnregisterWaitEx(NULL, NULL), ERROR_INVALID_HANDLE,
		"UnregisterWaitEx, without a wait handle,");
	finish();
	for (unsigned long number = 1; number <= count; number++)
		refuse_allocation(number);
}
