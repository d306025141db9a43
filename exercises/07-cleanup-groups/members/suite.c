/* suite.c - the checks of "Close the members of a group" */
/* SPDX-License-Identifier: MIT */
/*
 * Callbacks are held at gates, so that "running" and "queued" last until
 * the check has looked. Time is virtual: it moves when the check says so.
 *
 * Every check ends with CloseThreadpoolCleanupGroup, which the pool reports
 * if a member has been left open; so none passes that closes nothing.
 */
#include <stdlib.h>

#include "clock.h"
#include "explore.h"
#include "suite.h"

#include "threadpool.h"

#define MS 1000ll

/* A member, or more: what its callbacks do, and what has become of them. */
struct job {
	PTP_WORK work;			/* NULL: not a work object */
	PTP_TIMER timer;
	bool leaves;			/* its callback disassociates itself */
	void (*act)(struct job *job);	/* the last thing a callback does */
	struct gate gate;		/* its callbacks wait here */
	struct tally begun, ran;
	struct tally told;		/* calls of the cancel callback */
};

#define JOBS 3
#define LOCKS 12			/* of the closing thread, at most */
static struct job jobs[JOBS];
static struct job *const one = &jobs[0], *const two = &jobs[1];
static struct job *const three = &jobs[2];

static PTP_POOL pool;
static PTP_CLEANUP_GROUP group;
static TP_CALLBACK_ENVIRON settings;	/* of the group */
static TP_CALLBACK_ENVIRON apart;	/* of no group, the same pool */
static int cleanup_context;
static void (*when_told)(void);
static _Thread_local bool closes;	/* this thread closes the members */

static bool
nothing_runs(void)
{
	unsigned long begun = 0, ran = 0;

	for (int i = 0; i < JOBS; i++) {
		begun += tally_read(&jobs[i].begun);
		ran += tally_read(&jobs[i].ran);
	}
	return begun == ran;
}

static void CALLBACK
tell(PVOID object_context, PVOID context)
{
	struct job *job = object_context;

	require(context == &cleanup_context, "a cancel callback was given "
		"something else than pvCleanupContext as its second argument");
	require(job >= jobs && job < jobs + JOBS, "a cancel callback was given "
		"something else than the member's context as its first "
		"argument");
	require(closes, "a cancel callback ran on another thread than that of "
		"CloseThreadpoolCleanupGroupMembers");
	require(nothing_runs(), "a cancel callback was called while a "
		"callback of a member was running");
	if (when_told != NULL)
		when_told();
	tally_add(&job->told);
}

static void
use_group(PTP_CLEANUP_GROUP_CANCEL_CALLBACK callback)
{
	SetThreadpoolCallbackCleanupGroup(&settings, group, callback);
}

static void
start(DWORD threads)
{
	static const struct job empty = {
		.gate = GATE_SHUT, .begun = TALLY_ZERO, .ran = TALLY_ZERO,
		.told = TALLY_ZERO
	};

	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	clock_begin();
	for (int i = 0; i < JOBS; i++)
		jobs[i] = empty;
	when_told = NULL;
	pool = CreateThreadpool(NULL);
	group = CreateThreadpoolCleanupGroup();
	require(pool != NULL && group != NULL, "the pool or the group could "
		"not be created");
	SetThreadpoolThreadMaximum(pool, threads);
	require(SetThreadpoolThreadMinimum(pool, threads),
		"SetThreadpoolThreadMinimum failed");
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
	InitializeThreadpoolEnvironment(&apart);
	SetThreadpoolCallbackPool(&apart, pool);
	use_group(tell);
	await_still();
}

/* ---- Callbacks, and members ---- */

static void
run_job(PTP_CALLBACK_INSTANCE instance, struct job *job)
{
	if (job->leaves)
		DisassociateCurrentThreadFromCallback(instance);
	tally_add(&job->begun);
	gate_wait(&job->gate);
	if (job->act != NULL)
		job->act(job);
	tally_add(&job->ran);
}

static void CALLBACK
run_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)work;
	run_job(instance, context);
}

static void CALLBACK
run_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	run_job(instance, context);
}

static void CALLBACK
run_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)timer;
	run_job(instance, context);
}

static void
create_in(struct job *job, PTP_CALLBACK_ENVIRON environment)
{
	job->work = CreateThreadpoolWork(run_work, job, environment);
	require(job->work != NULL, "CreateThreadpoolWork failed");
}

static void
create(struct job *job)
{
	create_in(job, &settings);
}

static void
create_timer(struct job *job)
{
	job->timer = CreateThreadpoolTimer(run_timer, job, &settings);
	require(job->timer != NULL, "CreateThreadpoolTimer failed");
}

static void
set_timer(struct job *job, long ms, DWORD period)
{
	LONGLONG ticks = ms * -10000ll;
	FILETIME due = { .dwLowDateTime = (DWORD)(ticks & 0xFFFFFFFF),
		.dwHighDateTime = (DWORD)((ULONGLONG)ticks >> 32) };

	SetThreadpoolTimer(job->timer, &due, period, 0);
}

static void
submit_simple(struct job *job)
{
	require(TrySubmitThreadpoolCallback(run_simple, job, &settings),
		"TrySubmitThreadpoolCallback failed");
}

/* Posts it so many times; one of them is held at the gate. */
static void
post(struct job *job, int posts)
{
	while (posts-- > 0)
		SubmitThreadpoolWork(job->work);
	tally_await(&job->begun, 1);
}

static void
close_members(BOOL cancel)
{
	closes = true;
	CloseThreadpoolCleanupGroupMembers(group, cancel, &cleanup_context);
	closes = false;
}

static void
let_run(void *unused)
{
	(void)unused;
	close_members(FALSE);
}

static void
cancel(void *unused)
{
	(void)unused;
	close_members(TRUE);
}

/* The members are closed: the rest goes too. */
static void
finish(void)
{
	CloseThreadpoolCleanupGroup(group);
	DestroyThreadpoolEnvironment(&apart);
	DestroyThreadpoolEnvironment(&settings);
	CloseThreadpool(pool);
}

/* Closes the members on a thread of its own, which has to wait. */
static void
begin_to_close(struct actor *closer, bool cancelling)
{
	actor_start(closer, cancelling ? cancel : let_run, NULL);
	await_still();
	require(!actor_done(closer), "CloseThreadpoolCleanupGroupMembers "
		"returned while a callback of a member was running");
}

static void
must_end(struct actor *closer, const char *when)
{
	await_still();
	awaiting(when);
	actor_join(closer);
	awaiting(NULL);
	require(nothing_runs(), "CloseThreadpoolCleanupGroupMembers returned "
		"while a callback of a member was running");
}

/* ---- It returns after the last callback ---- */

enum kind { WORK, SIMPLE, LEAVING };

static void
close_while_it_runs(enum kind kind, bool cancelling)
{
	struct actor closer;

	start(1);
	one->leaves = kind == LEAVING;
	if (kind == SIMPLE) {
		submit_simple(one);
		tally_await(&one->begun, 1);
	} else {
		create(one);
		post(one, 1);
	}
	begin_to_close(&closer, cancelling);
	gate_open(&one->gate);
	must_end(&closer, "CloseThreadpoolCleanupGroupMembers to return after "
		"the last callback of a member");
	finish();
}

static struct gate telling = GATE_SHUT;

static void
wait_when_told(void)
{
	gate_wait(&telling);
}

/* The second call returns when the first is done, cancel callbacks and all. */
static void
close_on_two_threads(void)
{
	struct actor first, second;

	start(1);
	create(one);
	when_told = wait_when_told;
	post(one, 1);
	begin_to_close(&first, true);
	begin_to_close(&second, true);
	gate_open(&one->gate);
	await_still();
	require(!actor_done(&first), "CloseThreadpoolCleanupGroupMembers "
		"returned while its cancel callback was running, or never "
		"called it");
	require(!actor_done(&second), "CloseThreadpoolCleanupGroupMembers "
		"returned while the cancel callback of another call was "
		"running");
	gate_open(&telling);
	must_end(&first, "the first of two calls to return");
	must_end(&second, "the second of two calls to return");
	finish();
}

/* Nothing is held: everything comes whenever it comes. */
static void
close_at_any_time(void)
{
	start(2);
	for (int i = 0; i < 2; i++) {
		create(&jobs[i]);
		gate_open(&jobs[i].gate);
		SubmitThreadpoolWork(jobs[i].work);
	}
	awaiting("CloseThreadpoolCleanupGroupMembers to return");
	close_members(FALSE);
	require(tally_read(&one->ran) == 1 && tally_read(&two->ran) == 1,
		"CloseThreadpoolCleanupGroupMembers returned before a callback "
		"that was to run");
	finish();
}

CHECK(it_returns_after_the_last_callback)
{
	close_while_it_runs(WORK, false);
	close_while_it_runs(WORK, true);
	close_while_it_runs(SIMPLE, false);
	close_while_it_runs(LEAVING, false);
	close_on_two_threads();
	if (explore_active())	/* else it would be a matter of luck */
		close_at_any_time();
}

/* ---- What is queued ---- */

static void
close_what_is_queued(bool cancelling)
{
	unsigned long ran, want = cancelling ? 1 : 5;
	struct actor closer;

	start(1);
	create(one);
	create(two);
	post(one, 3);
	SubmitThreadpoolWork(two->work);
	SubmitThreadpoolWork(two->work);
	begin_to_close(&closer, cancelling);
	gate_open(&one->gate);
	gate_open(&two->gate);
	must_end(&closer, "CloseThreadpoolCleanupGroupMembers to return after "
		"the last callback of a member");
	await_still();
	ran = tally_read(&one->ran) + tally_read(&two->ran);
	require(ran <= want, "%lu of 4 callbacks that had been cancelled ran "
		"all the same", ran - want);
	require(ran == want, "%lu of 4 callbacks that were queued, and not to "
		"be cancelled, did not run", want - ran);
	finish();
}

/* Two posts, and nothing held: none begins after it has returned. */
static void
cancel_at_any_time(void)
{
	unsigned long begun;

	start(1);
	create(one);
	gate_open(&one->gate);
	SubmitThreadpoolWork(one->work);
	SubmitThreadpoolWork(one->work);
	awaiting("CloseThreadpoolCleanupGroupMembers to return");
	close_members(TRUE);
	begun = tally_read(&one->begun);
	require(tally_read(&one->ran) == begun,
		"CloseThreadpoolCleanupGroupMembers returned while a callback "
		"of a member was running");
	await_still();
	require(tally_read(&one->begun) == begun, "a callback began after "
		"CloseThreadpoolCleanupGroupMembers had returned");
	finish();
}

CHECK(what_is_queued_runs_unless_it_is_cancelled)
{
	close_what_is_queued(false);
	close_what_is_queued(true);
	if (explore_active())
		cancel_at_any_time();
}

/* ---- The cancel callback ---- */

static void
require_told(struct job *job, unsigned long times, const char *who)
{
	unsigned long told = tally_read(&job->told);

	require(told == times, "the cancel callback was called %lu times, not "
		"%lu, for %s", told, times, who);
}

static void
close_itself(struct job *job)
{
	CloseThreadpoolWork(job->work);
}

/* One runs, with more of it queued; two was never posted, three never set. */
static void
tell_of_open_members(bool cancelling)
{
	struct actor closer;

	start(1);
	create(one);
	create(two);
	create_timer(three);
	post(one, 4);
	begin_to_close(&closer, cancelling);
	gate_open(&one->gate);
	must_end(&closer, "CloseThreadpoolCleanupGroupMembers to return after "
		"the last callback of a member");
	require_told(one, cancelling, "a member one of whose callbacks ran, "
		"with three more queued");
	require_told(two, cancelling, "a work object that was never posted");
	require_told(three, cancelling, "a timer that was never set");
	finish();
}

/* One closes itself, two has ended already, three is dropped. */
static void
tell_of_simple_callbacks(void)
{
	struct actor closer;

	start(1);
	gate_open(&two->gate);
	submit_simple(two);
	tally_await(&two->ran, 1);
	await_still();
	create(one);
	one->act = close_itself;
	post(one, 1);
	submit_simple(three);
	begin_to_close(&closer, true);
	gate_open(&one->gate);
	must_end(&closer, "CloseThreadpoolCleanupGroupMembers to return after "
		"a callback that closes its own object");
	require_told(one, 0, "a member that its callback had closed");
	require_told(two, 0, "a simple callback that had run");
	require_told(three, 1, "a simple callback that was dropped");
	finish();
}

static void
tell_nobody(void)
{
	start(1);
	create(one);
	use_group(NULL);
	create(two);
	awaiting("CloseThreadpoolCleanupGroupMembers to return, with nothing "
		"queued and nothing running");
	close_members(TRUE);
	require_told(one, 1, "a member with a cancel callback");
	require_told(two, 0, "a member without a cancel callback");
	finish();
}

/* It runs and closes itself, or is dropped: which, is a matter of time. */
static void
tell_or_run(void)
{
	start(1);
	create(one);
	gate_open(&one->gate);
	one->act = close_itself;
	SubmitThreadpoolWork(one->work);
	awaiting("CloseThreadpoolCleanupGroupMembers to return");
	close_members(TRUE);
	require(tally_read(&one->ran) + tally_read(&one->told) == 1,
		"of a member whose callback closes it, callbacks and cancel "
		"callbacks were not one together");
	finish();
}

CHECK(the_cancel_callback_comes_once_for_each_open_member)
{
	tell_of_open_members(true);
	tell_of_open_members(false);
	tell_of_simple_callbacks();
	tell_nobody();
	if (explore_active())
		tell_or_run();
}

/* ---- Members that use each other ---- */

static void
use_the_others(struct job *job)
{
	struct job *first = job == one ? two : one;

	SubmitThreadpoolWork(first->work);
	WaitForThreadpoolWorkCallbacks(first->work, TRUE);
	set_timer(three, 0, 0);
}

/* The job runs, and then uses the other one and the timer, which are idle. */
static void
use_them_while_they_close(struct job *job, bool cancelling)
{
	struct actor closer;

	start(1);
	create(one);
	create_timer(three);
	create(two);
	gate_open(&three->gate);
	job->act = use_the_others;
	post(job, 1);
	begin_to_close(&closer, cancelling);
	gate_open(&job->gate);
	awaiting("a callback to return that posts another member, and waits");
	tally_await(&job->ran, 1);
	must_end(&closer, "CloseThreadpoolCleanupGroupMembers to return after "
		"the last callback of a member");
	clock_to(clock_us() + 100 * MS);
	require(tally_read(&three->begun) == 0, "a timer fired that a callback "
		"set while the members were being closed");
	finish();
}

static void
close_two(struct job *job)
{
	(void)job;
	CloseThreadpoolWork(two->work);
}

/* One closes two, by hand, while the group closes both. */
static void
close_another_meanwhile(bool cancelling)
{
	struct actor closer;

	start(1);
	create(one);
	create(two);
	one->act = close_two;
	post(one, 1);
	begin_to_close(&closer, cancelling);
	gate_open(&one->gate);
	must_end(&closer, "CloseThreadpoolCleanupGroupMembers to return after "
		"a callback that closes another member");
	require_told(two, 0, "a member that a callback had closed");
	finish();
}

CHECK(every_member_can_be_used_until_all_are_idle)
{
	use_them_while_they_close(one, true);
	use_them_while_they_close(two, true);
	use_them_while_they_close(two, false);
	close_another_meanwhile(true);
	close_another_meanwhile(false);
}

/* ---- Callbacks that post ---- */

static unsigned hops;		/* posts yet to be made, by callbacks */

/* The callbacks are one after another: nobody else uses hops. */
static void
post_the_other(struct job *job)
{
	if (hops == 0)
		return;
	hops--;
	SubmitThreadpoolWork(job == one ? two->work : one->work);
}

/* Each callback is waited for, and then posts the other one. */
static void
post_to_and_fro(struct job *job)
{
	static const struct gate shut = GATE_SHUT;
	unsigned long begun[JOBS] = { 0 };
	struct actor closer;

	start(1);
	create(one);
	create(two);
	one->act = two->act = post_the_other;
	hops = 4;
	post(job, 1);
	begun[job - jobs]++;
	begin_to_close(&closer, false);
	for (unsigned left = hops; left > 0; left--) {
		struct job *other = job == one ? two : one;

		other->gate = shut;	/* nobody is there */
		gate_open(&job->gate);
		awaiting("a callback to begin that another member posted");
		tally_await(&other->begun, ++begun[other - jobs]);
		await_still();
		require(!actor_done(&closer),
			"CloseThreadpoolCleanupGroupMembers returned while "
			"a callback was running that another member's "
			"callback had posted");
		job = other;
	}
	gate_open(&job->gate);
	must_end(&closer, "CloseThreadpoolCleanupGroupMembers to return after "
		"the last callback of a member");
	finish();
}

/*
 * Two runs while the members are closed. When the thread that closes them
 * comes to its n-th lock, two posts one and returns; one begins, and stays.
 */
static unsigned locks_left;

static void
let_two_post_one(void *mutex)
{
	(void)mutex;
	if (!closes || locks_left == 0 || --locks_left > 0)
		return;
	gate_open(&two->gate);
	await_still();
}

/* It is about to wait: everybody may go on. */
static void
let_all_go(void *condition)
{
	(void)condition;
	if (!closes)
		return;
	gate_open(&one->gate);
	gate_open(&two->gate);
}

static void
post_one_at_a_lock(unsigned number)
{
	start(1);
	create(one);
	create(two);
	two->act = post_the_other;
	hops = 1;
	post(two, 1);
	locks_left = number;
	at_each(BEFORE_LOCK, let_two_post_one);
	at_each(BEFORE_WAIT, let_all_go);
	awaiting("CloseThreadpoolCleanupGroupMembers to return");
	close_members(FALSE);
	at_each(BEFORE_LOCK, NULL);
	at_each(BEFORE_WAIT, NULL);
	require(tally_read(&one->ran) == 1,
		"CloseThreadpoolCleanupGroupMembers returned: it had "
		"found one member idle, whose callback a second one then "
		"posted, and then found the second one idle");
	finish();
}

static void
post_at_any_time(struct job *first)
{
	start(1);
	create(one);
	create(two);
	first->act = post_the_other;
	hops = 1;
	gate_open(&one->gate);
	gate_open(&two->gate);
	SubmitThreadpoolWork(first->work);
	awaiting("CloseThreadpoolCleanupGroupMembers to return");
	close_members(FALSE);
	require(tally_read(&one->ran) == 1 && tally_read(&two->ran) == 1,
		"CloseThreadpoolCleanupGroupMembers returned before a callback "
		"that another member's callback had posted");
	finish();
}

CHECK(a_callback_may_post_other_members)
{
	if (explore_active()) {	/* else it would be a matter of luck */
		post_at_any_time(two);
		post_at_any_time(one);
		return;
	}
	post_to_and_fro(one);
	post_to_and_fro(two);
	for (unsigned number = 1; number <= LOCKS; number++)
		post_one_at_a_lock(number);
}

/* ---- Timers and waits ---- */

static void CALLBACK
run_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)wait;
	(void)result;
	run_job(instance, context);
}

/* While one runs, the timer's time comes, and the wait's event is set. */
static void
stop_all_before_waiting(bool cancelling)
{
	HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
	struct actor closer;
	PTP_WAIT wait;

	start(2);
	create(one);
	create_timer(two);
	wait = CreateThreadpoolWait(run_wait, three, &settings);
	require(event != NULL && wait != NULL, "the event or the wait object "
		"could not be created");
	gate_open(&two->gate);
	gate_open(&three->gate);
	set_timer(two, 10, 10);
	SetThreadpoolWait(wait, event, NULL);
	clock_to(clock_us() + 15 * MS);
	require(tally_read(&two->ran) == 1, "the timer did not fire");
	post(one, 1);
	begin_to_close(&closer, cancelling);
	clock_to(clock_us() + 100 * MS);
	SetEvent(event);
	await_still();
	require(tally_read(&two->begun) == 1, "a timer of the group fired "
		"while CloseThreadpoolCleanupGroupMembers was waiting");
	require(tally_read(&three->begun) == 0, "a wait object of the group "
		"saw its event while CloseThreadpoolCleanupGroupMembers was "
		"waiting");
	gate_open(&one->gate);
	must_end(&closer, "CloseThreadpoolCleanupGroupMembers to return after "
		"the last callback of a member");
	CloseHandle(event);
	finish();
}

CHECK(timers_and_waits_stop_before_it_waits)
{
	stop_all_before_waiting(true);
	stop_all_before_waiting(false);
}

/* ---- The group goes on ---- */

static void
close_again_and_again(void)
{
	start(1);
	awaiting("CloseThreadpoolCleanupGroupMembers of an empty group");
	close_members(TRUE);
	gate_open(&one->gate);
	for (int i = 0; i < 2; i++) {
		create(one);
		SubmitThreadpoolWork(one->work);
		awaiting("CloseThreadpoolCleanupGroupMembers to return");
		close_members(FALSE);
	}
	require(tally_read(&one->ran) == 2, "a member of the second generation "
		"did not run");
	finish();
}

static void
create_two(struct job *job)
{
	(void)job;
	create(two);
}

static void
create_two_when_told(void)
{
	when_told = NULL;
	create(two);
}

/* A member is created meanwhile: it is still there, and the next call's. */
static void
create_meanwhile(bool when_it_is_told)
{
	struct actor closer;

	start(1);
	create(one);
	if (when_it_is_told)
		when_told = create_two_when_told;
	else
		one->act = create_two;
	gate_open(&two->gate);
	post(one, 1);
	begin_to_close(&closer, true);
	gate_open(&one->gate);
	must_end(&closer, when_it_is_told ?
		"CloseThreadpoolCleanupGroupMembers to return: a cancel "
		"callback creates a member" :
		"CloseThreadpoolCleanupGroupMembers to return: a callback "
		"creates a member");
	require_told(two, 0, "a member that was created meanwhile");
	awaiting("a member to run that was created while others were closed");
	post(two, 1);
	close_members(FALSE);
	require(tally_read(&two->ran) == 1, "a member that was created while "
		"others were closed did not run");
	finish();
}

/* What is not in the group is not its business. */
static void
leave_others_alone(void)
{
	struct actor closer;

	start(1);
	use_group(NULL);
	create(one);
	create_in(two, &apart);
	post(two, 2);
	actor_start(&closer, cancel, NULL);
	await_still();
	require(actor_done(&closer), "CloseThreadpoolCleanupGroupMembers "
		"waited for an object that is not in the group");
	actor_join(&closer);
	gate_open(&two->gate);
	WaitForThreadpoolWorkCallbacks(two->work, FALSE);
	require(tally_read(&two->ran) == 2, "a callback was dropped of an "
		"object that is not in the group");
	CloseThreadpoolWork(two->work);
	finish();
}

CHECK(the_group_goes_on_without_these_members)
{
	close_again_and_again();
	create_meanwhile(false);
	create_meanwhile(true);
	leave_others_alone();
}
