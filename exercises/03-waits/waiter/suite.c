/* suite.c - the checks of "The waiter thread of Vista" */
/* SPDX-License-Identifier: MIT */
/*
 * Time is virtual: it moves only when the check says so. That the waiter thread
 * sleeps is made sure of by waiting until nothing moves. Whether a signal or a
 * time-out comes first when they come together is left to the explorer, and so
 * is a signal that comes while an object is set anew.
 */
#include <limits.h>
#include <stdlib.h>

#include "clock.h"
#include "explore.h"
#include "suite.h"

#include "waiter.h"

#define MOST_WAITS 200
#define MOST_CALLS 100		/* of one wait object, that are looked at */
#define TOO_MANY_IN_VAIN 100	/* calls of one, and the other was due */
#define TOO_MANY_SLEEPS 3000	/* of all threads, in one check */
#define MS 1000ll
#define QUIET_MS 300
#define TOO_RESTLESS	5	/* sleeps meanwhile; there need be none */
#define SOON 3			/* ms */
#define EARLY 25		/* ms */
#define LATE 50			/* ms */

/* A wait object, and what it was told. */
struct job {
	struct wait *wait;
	HANDLE handle;
	DWORD results[MOST_CALLS];
	struct tally begun, calls;
	bool again;			/* its callback sets it anew */
	bool releases;			/* its callback tries, with a mutex */
	bool released;
};

static struct job jobs[MOST_WAITS];
static struct job *const one = &jobs[0], *const other = &jobs[1];
static struct waits *waits;
static PTP_POOL pool;
static TP_CALLBACK_ENVIRON settings;
static struct tally sleeps = TALLY_ZERO, delivered = TALLY_ZERO;
static unsigned long threads_before;
static struct tally stop_again = TALLY_ZERO, stopped = TALLY_ZERO;
static struct tally other_signalled = TALLY_ZERO, in_vain = TALLY_ZERO;
static ULONGLONG other_due;	/* ms; set before one is signalled */
static bool still_after_delivery;	/* set before any thread waits */
static struct gate other_ready = GATE_SHUT;	/* for the first delivery */

/* ---- What is given: deliver ---- */

struct delivery {
	wait_callback callback;
	void *context;
	DWORD result;
};

static VOID CALLBACK
call(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct delivery delivery = *(struct delivery *)context;

	(void)instance;
	free(context);
	delivery.callback(delivery.context, delivery.result);
}

void
deliver(wait_callback callback, void *context, DWORD result)
{
	struct delivery *delivery = malloc(sizeof(*delivery));

	tally_add(&delivered);

	require(delivery != NULL, "the check itself had no memory");
	*delivery = (struct delivery){ callback, context, result };
	require(TrySubmitThreadpoolCallback(call, delivery, &settings),
		"the check itself could not post a callback");
	if (!still_after_delivery)
		return;
	/* The callback does what it can do; and that takes a millisecond. */
	gate_wait(&other_ready);
	if (explore_active()) {
		await_still();
		explore_stall(1);
	} else {
		clock_to(clock_us() + MS);
	}
}

static bool
is_due_beside_one(void)
{
	return tally_read(&other_signalled) > 0 ||
		GetTickCount64() >= other_due;
}

static void
set_again(struct job *job)
{
	require(!is_due_beside_one() || tally_add(&in_vain) < TOO_MANY_IN_VAIN,
		"an object that was signalled all the time kept another one "
		"from being seen");
	if (tally_read(&stop_again) > 0)
		tally_add(&stopped);
	else
		wait_set(job->wait, job->handle, INFINITE);
}

static void
called(void *context, DWORD result)
{
	struct job *job = context;
	unsigned long number = tally_add(&job->begun);

	if (number <= MOST_CALLS)
		job->results[number - 1] = result;
	if (job->releases)
		job->released = ReleaseMutex(job->handle);
	if (job->again)
		set_again(job);
	tally_add(&job->calls);
}

/* ---- Beginning and end ---- */

/* Explored, a waiter that never sleeps is seen by its steps. */
static void
count_sleep(void *object)
{
	(void)object;
	require(explore_active() || tally_add(&sleeps) < TOO_MANY_SLEEPS,
		"threads went to sleep and woke up again and again, while "
		"nothing happened");
}

static void
let_time_pass(DWORD milliseconds)
{
	clock_to(clock_us() + milliseconds * MS);
}

/* Nothing happens for a while: whoever sleeps has no reason to wake up. */
static void
require_quiet(void)
{
	unsigned long before = tally_read(&sleeps);

	let_time_pass(QUIET_MS);
	require(tally_read(&sleeps) - before < TOO_RESTLESS, "threads went to "
		"sleep and woke up again and again, while nothing happened");
}

static void
start(void)
{
	static const struct tally zero = TALLY_ZERO;

	clock_begin();
	pool = CreateThreadpool(NULL);
	require(pool != NULL, "the check itself could not make a pool");
	SetThreadpoolThreadMaximum(pool, 2);
	require(SetThreadpoolThreadMinimum(pool, 2),
		"the check itself could not start threads");
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
	sleeps = delivered = stop_again = stopped = zero;
	other_signalled = in_vain = zero;
	at_each(BEFORE_WAIT, count_sleep);
	threads_before = live_threads();
	waits = waits_open();
	require(waits != NULL, "waits_open gave NULL");
}

/* A wait object of ours; handle: what it will wait for. */
static struct job *
create_at_once(struct job *job, HANDLE handle)
{
	static const struct job empty = {
		.begun = TALLY_ZERO, .calls = TALLY_ZERO
	};

	*job = empty;
	job->handle = handle;
	job->wait = wait_create(waits, called, job);
	require(job->wait != NULL, "wait_create gave NULL");
	return job;
}

/* The same, when the waiter thread sleeps already. */
static struct job *
create(struct job *job, HANDLE handle)
{
	create_at_once(job, handle);
	if (!explore_active())
		await_still();
	return job;
}

static HANDLE
new_event(bool manual)
{
	HANDLE event = CreateEvent(NULL, manual, FALSE, NULL);

	require(event != NULL, "the check itself could not make an event");
	return event;
}

static void
set(struct job *job, DWORD milliseconds)
{
	awaiting("wait_set to return");
	wait_set(job->wait, job->handle, milliseconds);
	awaiting(NULL);
}

static void
finish_job(struct job *job)
{
	awaiting("wait_close to return");
	wait_close(job->wait);
	awaiting(NULL);
	CloseHandle(job->handle);
}

static void
finish(void)
{
	awaiting("waits_close to return");
	waits_close(waits);
	awaiting(NULL);
	at_each(BEFORE_WAIT, NULL);
	await_still();
	CloseThreadpool(pool);
	await_still();
}

static bool
is_signalled(HANDLE handle)	/* and takes it */
{
	return WaitForSingleObject(handle, 0) == WAIT_OBJECT_0;
}

static unsigned long
calls(struct job *job)
{
	return tally_read(&job->calls);
}

static void
require_result(struct job *job, DWORD result, const char *what)
{
	await_still();
	require(calls(job) == 1, "%s: %lu callbacks instead of one", what,
		calls(job));
	require(job->results[0] == result, "%s: the callback was told %lu "
		"instead of %lu", what, (unsigned long)job->results[0],
		(unsigned long)result);
}

/* ---- One callback ---- */

static void
signalled_twice(void)
{
	start();
	create(one, new_event(false));
	set(one, INFINITE);
	SetEvent(one->handle);
	awaiting("the callback of an object that was signalled");
	tally_await(&one->calls, 1);
	require(!is_signalled(one->handle),
		"an auto-reset event was still set after its callback");
	SetEvent(one->handle);
	require_result(one, WAIT_OBJECT_0, "an event was set twice");
	require(is_signalled(one->handle), "the second signal was taken, and "
		"nobody had set the wait object again");
	finish_job(one);
	finish();
}

static void
timed_out_then_signalled(void)
{
	start();
	create(one, new_event(false));
	set(one, EARLY);
	let_time_pass(EARLY - 1);
	require(calls(one) == 0, "a time-out came before its time");
	let_time_pass(1);
	awaiting("the callback of a time-out");
	tally_await(&one->calls, 1);
	SetEvent(one->handle);
	require_result(one, WAIT_TIMEOUT, "an object timed out and was "
		"signalled then");
	require(is_signalled(one->handle), "a signal after the time-out was "
		"taken");
	finish_job(one);
	finish();
}

static void
signalled_then_time_passes(void)
{
	start();
	create(one, new_event(false));
	set(one, EARLY);
	SetEvent(one->handle);
	awaiting("the callback of an object that was signalled");
	tally_await(&one->calls, 1);
	let_time_pass(LATE);
	require(calls(one) == 1, "an object was signalled, its time-out "
		"passed then, and there were %lu callbacks", calls(one));
	finish_job(one);
	finish();
}

/* A waitable timer that becomes signalled just when the wait times out. */
static void
both_at_once(void)
{
	LARGE_INTEGER due = { .QuadPart = -10000 * EARLY };

	start();
	create(one, CreateWaitableTimer(NULL, FALSE, NULL));
	require(SetWaitableTimer(one->handle, &due, 0, NULL, NULL, FALSE),
		"the check itself could not set a timer");
	set(one, EARLY);
	let_time_pass(LATE);
	require(calls(one) == 1, "an object was signalled when its time-out "
		"came, and there were %lu callbacks", calls(one));
	require(is_signalled(one->handle) == (one->results[0] == WAIT_TIMEOUT),
		"an object was signalled when its time-out came: the callback "
		"was told the one, and the other had happened");
	finish_job(one);
	finish();
}

static void
no_time_at_all(void)
{
	start();
	create(one, new_event(false));
	create(other, new_event(false));
	SetEvent(one->handle);
	set(one, 0);
	set(other, 0);
	awaiting("the callbacks of two time-outs of 0");
	tally_await(&one->calls, 1);
	tally_await(&other->calls, 1);
	require_result(one, WAIT_OBJECT_0,
		"an object was signalled already, and set with a time-out of "
		"0");
	require_result(other, WAIT_TIMEOUT,
		"an object that was not signalled was set with a time-out of "
		"0");
	finish_job(one);
	finish_job(other);
	finish();
}

CHECK(a_signal_or_a_time_out_calls_back_once)
{
	signalled_twice();
	timed_out_then_signalled();
	signalled_then_time_passes();
	both_at_once();
	no_time_at_all();
}

/* ---- Setting anew ---- */

static void
signal(void *event)
{
	SetEvent(event);
}

/*
 * A signal while another handle is set, or NULL: either it comes before, and
 * is delivered before wait_set returns, or it is not taken.
 */
static void
signalled_while_it_is_replaced(HANDLE new)
{
	unsigned long before;
	struct actor actor;

	start();
	create(one, new_event(false));
	set(one, INFINITE);
	actor_start(&actor, signal, one->handle);
	wait_set(one->wait, new, INFINITE);
	before = tally_read(&delivered);
	actor_join(&actor);
	await_still();
	require(tally_read(&delivered) == before, "wait_set returned, and then "
		"a callback was called for what had been set before");
	require(calls(one) + (unsigned long)is_signalled(one->handle) == 1,
		"an object was signalled while another was set in its place, "
		"and its signal was lost");
	finish_job(one);
	finish();
}

static void
require_replaced(HANDLE new)
{
	require(calls(one) == 0 || one->results[0] == WAIT_TIMEOUT,
		"what the wait object had waited for before was signalled, "
		"and its callback was called");
	require(calls(one) == 0, "a time-out came that had been replaced");
	require(is_signalled(one->handle), "what the wait object had waited "
		"for before was signalled, and the signal was taken");
	if (new == NULL)
		return;
	SetEvent(new);
	awaiting("the callback of an object that was set in the place of "
		"another");
	tally_await(&one->calls, 1);
	require_result(one, WAIT_OBJECT_0,
		"an object that was set in the place of another was signalled");
}

/* Sets another handle, or NULL, before a time-out comes. */
static void
replace(HANDLE new)
{
	start();
	create(one, new_event(false));
	set(one, EARLY);
	await_still();
	wait_set(one->wait, new, INFINITE);
	SetEvent(one->handle);
	let_time_pass(LATE);
	require_replaced(new);
	finish_job(one);
	finish();
}

CHECK(a_new_handle_takes_the_place_of_the_old)
{
	HANDLE new = new_event(false);

	replace(new);
	if (explore_active())	/* else it would be a matter of luck */
		signalled_while_it_is_replaced(new);
	CloseHandle(new);
}

CHECK(null_stops_it)
{
	replace(NULL);
	if (explore_active())	/* else it would be a matter of luck */
		signalled_while_it_is_replaced(NULL);
}

/* ---- Waking the waiter thread ---- */

CHECK(the_waiter_notices_what_is_set_while_it_sleeps)
{
	start();
	create(one, new_event(false));
	create(other, new_event(false));
	set(one, INFINITE);
	await_still();
	set(other, INFINITE);
	await_still();
	SetEvent(other->handle);
	awaiting("the callback of an object that was set while the waiter "
		"thread slept");
	tally_await(&other->calls, 1);
	await_still();
	set(other, 1);
	let_time_pass(1);
	awaiting("the callback of a time-out that was set while the waiter "
		"thread slept");
	tally_await(&other->calls, 2);
	set(one, 0xFFFFFFFE);
	await_still();
	require(calls(one) == 0, "a time-out of seven weeks came at once");
	set(one, INFINITE);
	await_still();
	require_quiet();
	finish_job(one);
	finish_job(other);
	finish();
}

/* ---- More than 64 ---- */

static void
require_waiters(unsigned long expected, unsigned count)
{
	unsigned long threads;

	await_still();
	threads = live_threads() - threads_before;
	require(threads == expected, "for %u wait objects there were %lu "
		"waiter threads instead of %lu", count, threads, expected);
}

CHECK(there_is_no_limit_of_64)
{
	unsigned count = explore_active() ? 3 : MOST_WAITS;
	unsigned long waiters = (count + WAITS_OF_A_THREAD - 1) /
		WAITS_OF_A_THREAD;
	unsigned renewed = explore_active() ? 1 : WAITS_OF_A_THREAD;

	start();
	for (unsigned i = 0; i < count; i++)
		create_at_once(&jobs[i], new_event(false));
	await_still();
	for (unsigned i = 0; i < count; i++)
		set(&jobs[i], INFINITE);
	require_waiters(waiters, count);
	for (unsigned i = count; i-- > 0; ) {
		SetEvent(jobs[i].handle);
		awaiting("the callback of one of 200 objects");
		tally_await(&jobs[i].calls, 1);
		require(jobs[i].results[0] == WAIT_OBJECT_0, "one of %u "
			"objects was signalled, and the callback was told "
			"another result", count);
	}
	for (unsigned i = 0; i < renewed; i++)
		finish_job(&jobs[i]);
	for (unsigned i = 0; i < renewed; i++)
		create_at_once(&jobs[i], new_event(false));
	require_waiters(waiters, count);
	for (unsigned i = 0; i < count; i++)
		finish_job(&jobs[i]);
	finish();
}

/* ---- Nobody starves ---- */

/* One is signalled all the time, and its callback sets it again at once. */
static void
beside_a_busy_one(bool times_out)
{
	static const struct gate shut = GATE_SHUT;

	still_after_delivery = true;
	other_ready = shut;
	start();
	create(one, new_event(true));
	one->again = true;
	create(other, new_event(false));
	set(other, times_out ? SOON : INFINITE);
	other_due = times_out ? GetTickCount64() + SOON : ULLONG_MAX;
	set(one, INFINITE);
	SetEvent(one->handle);
	tally_await(&delivered, 1);
	if (!times_out) {
		SetEvent(other->handle);
		tally_add(&other_signalled);
	}
	gate_open(&other_ready);
	awaiting(times_out ? "a time-out to come beside an object that is "
		"signalled all the time" : "the callback of an object beside "
		"one that is signalled all the time");
	tally_await(&other->calls, 1);
	tally_add(&stop_again);
	tally_await(&stopped, 1);
	finish_job(one);
	finish_job(other);
	finish();
	still_after_delivery = false;
}

CHECK(nobody_starves)
{
	beside_a_busy_one(false);
	beside_a_busy_one(true);
}

/* ---- Mutexes ---- */

static void
take(void *mutex)
{
	require(is_signalled(mutex), "the check itself could not take a mutex");
}

/* Another thread takes the mutex, and ends. */
static void
abandon(HANDLE mutex)
{
	struct actor actor;

	actor_start(&actor, take, mutex);
	actor_join(&actor);
}

CHECK(the_waiter_owns_a_mutex)
{
	HANDLE mutex = CreateMutex(NULL, FALSE, NULL);

	start();
	set(create(other, new_event(false)), INFINITE);
	create(one, mutex);
	one->releases = true;
	abandon(mutex);
	set(one, INFINITE);
	awaiting("the callback of a mutex whose owner has ended");
	tally_await(&one->calls, 1);
	require_result(one, WAIT_ABANDONED_0,
		"a mutex was waited for whose owner had ended");
	require(!one->released && !is_signalled(mutex), "somebody else than "
		"the waiter thread owned a mutex, or nobody did, after it had "
		"been delivered");
	set(one, INFINITE);
	awaiting("the callback of a mutex that the waiter thread owns already");
	tally_await(&one->calls, 2);
	await_still();
	require(one->results[1] == WAIT_OBJECT_0, "a mutex that was not "
		"abandoned any more was delivered as if it were");
	wait_close(one->wait);
	finish_job(other);
	finish();
	require(WaitForSingleObject(mutex, 0) == WAIT_ABANDONED_0, "when the "
		"waiter thread had ended, its mutex was not abandoned");
	ReleaseMutex(mutex);
	CloseHandle(mutex);
}

/* ---- The end ---- */

/* The thread of the n-th wait object cannot be started. */
static void
without_a_thread(unsigned n)
{
	start();
	for (unsigned i = 0; i < n; i++)
		set(create_at_once(&jobs[i], new_event(false)), INFINITE);
	fail_threads(true);
	require(wait_create(waits, called, &jobs[n]) == NULL, "wait_create "
		"gave a wait object without a thread that waits for it");
	fail_threads(false);
	set(create(&jobs[n], new_event(false)), INFINITE);
	SetEvent(jobs[n].handle);
	awaiting("the callback of a wait object that was made after there had "
		"been no thread for another");
	tally_await(&jobs[n].calls, 1);
	for (unsigned i = 0; i <= n; i++)
		finish_job(&jobs[i]);
	finish();
	require(live_threads() < threads_before, "the threads of the waiters "
		"were there when waits_close had returned");
}

CHECK(nothing_is_left_when_it_is_closed)
{
	unsigned long threads;

	start();
	finish();
	start();
	set(create(one, new_event(false)), INFINITE);
	set(create(other, new_event(false)), LATE);
	finish_job(other);
	finish_job(one);
	awaiting("waits_close to return");
	waits_close(waits);
	await_still();
	threads = live_threads() - threads_before;
	require(threads == 0, "waits_close returned, and %lu of the waiter "
		"threads went on", threads);
	at_each(BEFORE_WAIT, NULL);
	CloseThreadpool(pool);
	await_still();
	without_a_thread(0);
	if (!one_of_many())
		without_a_thread(WAITS_OF_A_THREAD);
}
