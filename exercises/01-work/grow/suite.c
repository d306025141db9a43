/* suite.c - the checks of "Grow when callbacks wait for each other" */
/* SPDX-License-Identifier: MIT */
/*
 * The policy is asked about every small census there is. The rest watches
 * a pool: callbacks are held at gates, the making of threads is held up or
 * refused, and a thread's end is noticed by the destructor of something
 * that its callback has left with it.
 */
#include <stdlib.h>

#include "explore.h"
#include "suite.h"

#include "pool.h"
#include "threadpool.h"

/* ---- The policy ---- */

/* "minimum 1, maximum 3, ..." in a require. */
#define CENSUS \
	"minimum %u, maximum %u, processors %u, threads %u (starting %u, " \
	"idle %u, suspended %u), queued %lu%s: the policy says %d, "
#define NUMBERS(c, says) \
	(c)->minimum, (c)->maximum, (c)->processors, (c)->total, \
	(c)->starting, (c)->idle, (c)->suspended, (c)->queued, \
	(c)->stalled ? ", stalled" : "", (says)

static void
split_threads(struct tp_census census,
	void (*check)(const struct tp_census *census))
{
	unsigned total = census.total;

	for (unsigned i = 0; i <= total; i++)
		for (unsigned j = 0; i + j <= total; j++)
			for (unsigned k = 0; i + j + k <= total; k++) {
				census.suspended = i;
				census.idle = j;
				census.starting = k;
				check(&census);
			}
}

static void
vary_threads(struct tp_census census,
	void (*check)(const struct tp_census *census))
{
	for (unsigned total = 0; total <= 5; total++)
		for (unsigned processors = 1; processors <= 3; processors++) {
			census.total = total;
			census.processors = processors;
			split_threads(census, check);
		}
}

static void
each_census(void (*check)(const struct tp_census *census))
{
	struct tp_census census = { 0 };

	for (unsigned queued = 0; queued <= 2; queued++)
		for (unsigned minimum = 0; minimum <= 2; minimum++)
			for (unsigned more = 0; more <= 2; more++) {
				if (minimum + more == 0)
					continue;
				census.minimum = minimum;
				census.maximum = minimum + more;
				census.queued = queued;
				census.stalled = false;
				vary_threads(census, check);
				census.stalled = queued > 0;
				vary_threads(census, check);
			}
}

static void
check_limits(const struct tp_census *c)
{
	int says = tp_factory_policy(c), missing, too_many;

	missing = (int)c->minimum - (int)c->total;
	too_many = (int)c->total - (int)c->starting - (int)c->minimum;
	require(missing <= 0 || says == missing,
		CENSUS "and the minimum lacks %d", NUMBERS(c, says), missing);
	require(says <= 0 || c->total + (unsigned)says <= c->maximum,
		CENSUS "which is beyond the maximum", NUMBERS(c, says));
	require(says >= 0 || -says <= (too_many > 0 ? too_many : 0),
		CENSUS "and %d may leave: the minimum stays, and threads "
		"that are only being made do not count",
		NUMBERS(c, says), too_many > 0 ? too_many : 0);
	require(c->total <= c->maximum || too_many <= 0 || says < 0,
		CENSUS "and there are more threads than the maximum",
		NUMBERS(c, says));
}

CHECK(the_policy_keeps_the_limits)
{
	each_census(check_limits);
}

static void
check_growth(const struct tp_census *c)
{
	int says = tp_factory_policy(c);
	unsigned computing = c->total - c->idle - c->suspended;

	if (c->total < c->minimum)
		return;
	if (c->queued == 0 || c->idle > 0 || c->total >= c->maximum)
		require(says <= 0, CENSUS "and no thread is needed, or none "
			"allowed", NUMBERS(c, says));
	else if (computing < c->processors || c->stalled)
		require(says == 1, CENSUS "and nobody will take the post: "
			"one thread is needed", NUMBERS(c, says));
	else
		require(says <= 0, CENSUS "and every processor has a thread "
			"that computes", NUMBERS(c, says));
}

CHECK(the_policy_grows_for_work_that_nobody_takes)
{
	each_census(check_growth);
}

/* ---- A pool ---- */

static struct gate gates[8];		/* of the n-th callback to begin */
static struct tally begun, ran, ended;
static pthread_key_t leavings;
static PTP_POOL pool;
static PTP_WORK work;
static TP_CALLBACK_ENVIRON settings;
static unsigned long threads_before;
static struct tally waits;		/* for conditions, since the start */

/* A thread that has run a callback ends. */
static void
note_end(void *unused)
{
	(void)unused;
	tally_add(&ended);
}

/*
 * The pool looks at a queue that stands still again and again, and asks
 * the policy. One that says no for ever would keep the check from ending.
 */
static void
count_wait(void *unused)
{
	(void)unused;
	require(tally_add(&waits) < 400, "the pool looked at its queue again "
		"and again, and never made the thread that it needs");
}

static void
count_waits(void)
{
	if (!explore_active())	/* which counts steps */
		at_each(BEFORE_WAIT, count_wait);
}

static unsigned long
threads(void)
{
	return live_threads() - threads_before;
}

static void
start(unsigned maximum)
{
	static const struct gate shut = GATE_SHUT;
	static const struct tally zero = TALLY_ZERO;

	await_still();		/* what a check before this one has begun */
	for (int i = 0; i < 8; i++)
		gates[i] = shut;
	begun = ran = ended = waits = zero;
	pthread_key_create(&leavings, note_end);
	setenv("TP_PROCESSORS", "1", 1);
	setenv("TP_STALL_MS", "5", 1);
	setenv("TP_IDLE_MS", "1", 1);
	count_waits();
	threads_before = live_threads();
	pool = CreateThreadpool(NULL);
	require(pool != NULL, "CreateThreadpool failed");
	SetThreadpoolThreadMaximum(pool, maximum);
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
}

static void
create(PTP_WORK_CALLBACK callback)
{
	work = CreateThreadpoolWork(callback, NULL, &settings);
	require(work != NULL, "CreateThreadpoolWork failed");
	require(threads() > 0,
		"a work object was created, and its pool has no thread");
}

static void
submit(int posts)
{
	while (posts-- > 0)
		SubmitThreadpoolWork(work);
}

static void
open_gates(int first, int last)
{
	for (int i = first; i <= last; i++)
		gate_open(&gates[i]);
}

static void
finish(void)
{
	open_gates(0, 7);
	if (work != NULL)
		CloseThreadpoolWork(work);
	CloseThreadpool(pool);
}

static void CALLBACK
hold(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK unused)
{
	unsigned long number = tally_add(&begun);

	(void)instance;
	(void)context;
	(void)unused;
	pthread_setspecific(leavings, &leavings);
	gate_wait(&gates[number - 1]);
	tally_add(&ran);
}

/* ---- Rendezvous ---- */

#define MEETING 5

static HANDLE arrived[MEETING];

/* The pool cannot see that this blocks. */
static void CALLBACK
meet(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK unused)
{
	(void)instance;
	(void)context;
	(void)unused;
	tally_add(&begun);
	tally_await(&begun, MEETING);
	tally_add(&ran);
}

/* The pool sees that this blocks: each waits for the next to arrive. */
static void CALLBACK
meet_in_sight(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK unused)
{
	unsigned long number = tally_add(&begun);

	(void)instance;
	(void)context;
	(void)unused;
	SetEvent(arrived[number - 1]);
	if (number < MEETING)
		WaitForSingleObject(arrived[number], INFINITE);
	tally_add(&ran);
}

CHECK(a_rendezvous_of_the_maximum_never_deadlocks)
{
	start(MEETING);
	create(meet);
	submit(MEETING);
	awaiting("five callbacks that wait for each other, where the pool "
		"cannot see it, to meet");
	tally_await(&ran, MEETING);
	finish();

	start(MEETING);
	for (int i = 0; i < MEETING; i++)
		arrived[i] = CreateEvent(NULL, TRUE, FALSE, NULL);
	create(meet_in_sight);
	submit(MEETING);
	awaiting("five callbacks that wait for each other, where the pool "
		"can see it, to meet");
	tally_await(&ran, MEETING);
	finish();
	await_still();
	for (int i = 0; i < MEETING; i++)
		CloseHandle(arrived[i]);
}

/* ---- The maximum ---- */

static struct gate making = GATE_SHUT;

static void
hold_making(void *unused)
{
	(void)unused;
	gate_wait(&making);
}

static void
submit_one(void *unused)
{
	(void)unused;
	submit(1);
}

static void
set_minimum(void *minimum)
{
	(void)SetThreadpoolThreadMinimum(pool, *(unsigned *)minimum);
}

/* Two ask for one more thread at the same time; there is room for one. */
static void
ask_at_once(void)
{
	unsigned long made = made_threads();
	struct actor submitter, setter;
	unsigned two = 2;

	start(2);
	create(hold);
	submit(1);
	tally_await(&begun, 1);
	at_each(BEFORE_CREATE, hold_making);
	actor_start(&submitter, submit_one, NULL);
	awaiting("a thread to be made for a queued callback, while another "
		"callback blocks");
	gate_await_waiting(&making, 1);
	actor_start(&setter, set_minimum, &two);
	await_still();
	at_each(BEFORE_CREATE, NULL);
	gate_open(&making);
	awaiting("a submit and SetThreadpoolThreadMinimum to return");
	actor_join(&submitter);
	actor_join(&setter);
	await_still();		/* the dispatcher makes one, and nobody waits */
	made = made_threads() - made;
	require(made <= 2, "two asked at the same time for one more thread: "
		"the pool made %lu, and its maximum is 2", made);
	finish();
}

/* The same, and nobody is held up. */
static void
ask_at_any_time(void)
{
	unsigned long made = made_threads();
	struct actor submitter, setter;
	unsigned two = 2;

	start(2);
	create(hold);
	submit(1);
	tally_await(&begun, 1);
	actor_start(&submitter, submit_one, NULL);
	actor_start(&setter, set_minimum, &two);
	awaiting("a submit and SetThreadpoolThreadMinimum to return");
	actor_join(&submitter);
	actor_join(&setter);
	await_still();
	made = made_threads() - made;
	require(made <= 2, "two asked at the same time for one more thread: "
		"the pool made %lu, and its maximum is 2", made);
	finish();
}

static void
flood(void)
{
	start(3);
	create(hold);
	submit(8);
	awaiting("three callbacks to run at once, as the maximum allows");
	tally_await(&begun, 3);
	await_still();
	require(threads() == 3, "the pool had %lu threads, and its maximum "
		"is 3", threads());
	finish();
}

CHECK(never_more_threads_than_the_maximum)
{
	ask_at_once();
	if (explore_active())	/* else it would be a matter of luck */
		ask_at_any_time();
	flood();
}

/* ---- Leaving ---- */

/* All threads that had nothing to do any more have left by now. */
static void
await_leavers(unsigned long leavers)
{
	tally_await(&ended, leavers);
	/* One more would have at most 1 ms to go, unseen by the first. */
	for (int i = 0; i < 3; i++)
		await_still();
}

/*
 * An idle pool with an object, and no more threads than it must keep: asks
 * whether one may leave. Asking needs no luck; waiting for a thread that
 * must not leave would.
 */
static void
ask_who_stays(unsigned minimum, unsigned maximum)
{
	unsigned least = minimum > 0 ? minimum : 1;
	bool left, superfluous;

	start(maximum);
	require(SetThreadpoolThreadMinimum(pool, minimum),
		"SetThreadpoolThreadMinimum failed");
	create(hold);
	await_still();
	tp_lock(&pool->lock);
	left = pool->total < least;
	superfluous = tp_factory_superfluous_locked(pool);
	tp_unlock(&pool->lock);
	require(!left && !superfluous, "of a pool with an object, the "
		"minimum %u and the maximum %u an idle worker left, or was "
		"told that it may, when there were only %u", minimum,
		maximum, least);
	finish();
}

static void
leave_the_minimum(void)
{
	start(5);
	require(SetThreadpoolThreadMinimum(pool, 2),
		"SetThreadpoolThreadMinimum failed");
	require(threads() == 2, "SetThreadpoolThreadMinimum(2) returned, "
		"and the pool had %lu threads", threads());
	create(hold);
	submit(5);
	awaiting("five callbacks to run at once, as the maximum allows");
	tally_await(&begun, 5);
	open_gates(0, 4);
	awaiting("three of five idle threads to leave: the minimum is 2");
	await_leavers(3);
	require(tally_read(&ended) == 3, "of five idle threads, fewer stayed "
		"than the minimum of 2");
	finish();
}

static void
leave_the_last(void)
{
	start(3);
	create(hold);
	submit(3);
	awaiting("three callbacks to run at once, as the maximum allows");
	tally_await(&begun, 3);
	open_gates(0, 3);
	awaiting("two of three idle threads to leave");
	await_leavers(2);
	require(threads() > 0, "every idle thread left: the pool has an "
		"object, and a submit would need one");
	finish();
}

/* One callback goes on, more are queued, and two threads are too many. */
static void
leave_when_lowered(void)
{
	start(3);
	create(hold);
	submit(3);
	awaiting("three callbacks to run at once, as the maximum allows");
	tally_await(&begun, 3);
	SetThreadpoolThreadMaximum(pool, 1);
	submit(4);
	open_gates(1, 2);
	awaiting("two threads to leave, although posts are queued: the "
		"maximum was lowered to 1");
	await_leavers(2);
	open_gates(0, 7);
	awaiting("the queued callbacks to run on the one thread left");
	tally_await(&ran, 7);
	finish();
}

/* A pool that ends has fewer threads than its minimum, and needs none. */
static void
ask_a_finished_pool(void)
{
	unsigned counted;

	start(3);
	tp_lock(&pool->lock);
	pool->minimum = 2;
	pool->finished = true;
	counted = tp_factory_reserve_locked(pool);
	pool->minimum = 0;
	pool->finished = false;
	tp_unlock(&pool->lock);
	require(counted == 0, "tp_factory_reserve_locked counted %u threads "
		"for a pool that is finished", counted);
	work = NULL;
	finish();
}

CHECK(idle_threads_leave_down_to_the_minimum)
{
	ask_who_stays(2, 5);
	ask_who_stays(0, 3);
	ask_who_stays(0, 1);
	leave_the_minimum();
	leave_the_last();
	leave_when_lowered();
	ask_a_finished_pool();
}

/* ---- Refused ---- */

static void
refuse_the_first(void)
{
	start(2);
	fail_threads(true);
	work = CreateThreadpoolWork(hold, NULL, &settings);
	require(work == NULL, "CreateThreadpoolWork succeeded, although the "
		"pool has no thread and could not make one");
	require(GetLastError() == ERROR_NOT_ENOUGH_MEMORY,
		"CreateThreadpoolWork failed, and the last error was not "
		"ERROR_NOT_ENOUGH_MEMORY");
	fail_threads(false);
	create(hold);
	open_gates(0, 0);
	submit(1);
	awaiting("a callback to run on the first thread, which was refused "
		"once and then made");
	tally_await(&ran, 1);
	finish();
}

static void
refuse_one_of_three(void)
{
	start(5);
	work = NULL;
	fail_thread(2);
	require(!SetThreadpoolThreadMinimum(pool, 3),
		"SetThreadpoolThreadMinimum succeeded, although a thread was "
		"refused");
	awaiting("SetThreadpoolThreadMinimum to return: of the call before "
		"a thread was refused");
	require(SetThreadpoolThreadMinimum(pool, 3),
		"SetThreadpoolThreadMinimum failed, although threads can be "
		"made again");
	await_still();		/* the one made at first may be leaving */
	require(threads() == 3, "a thread was refused once, and then the "
		"pool had %lu threads for a minimum of 3", threads());
	finish();
}

static struct tally attempts = TALLY_ZERO;

static void
count_attempt(void *unused)
{
	(void)unused;
	tally_add(&attempts);
}

static void
refuse_growth(void)
{
	start(2);
	create(hold);
	submit(1);
	tally_await(&begun, 1);
	at_each(BEFORE_CREATE, count_attempt);
	at_each(BEFORE_WAIT, NULL);	/* it looks as often as it likes */
	fail_threads(true);
	submit(1);
	awaiting("a thread to be asked for again that was refused");
	tally_await(&attempts, 2);
	at_each(BEFORE_CREATE, NULL);
	fail_threads(false);
	count_waits();
	awaiting("a queued callback to begin when threads can be made again");
	tally_await(&begun, 2);
	finish();
}

CHECK(refused_threads_are_not_counted)
{
	refuse_the_first();
	refuse_one_of_three();
	refuse_growth();
}
