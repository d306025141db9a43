/* suite.c - the checks of "A thread for the rest" */
/* SPDX-License-Identifier: MIT */
/*
 * A callback stands at its door, asks CallbackMayRunLong when the door is
 * opened, and stays. What the pool has at that moment is arranged before.
 * Idle threads never leave and a queue that stands still is never noticed:
 * those times do not come. So whatever runs has been woken, or made, for it.
 */
#include <stdlib.h>

#include "explore.h"
#include "suite.h"

#include "pool.h"
#include "threadpool.h"

#define QUESTIONS 2

/* One callback that asks, and perhaps asks again. */
struct question {
	struct gate door, second, end;
	struct tally answered;
	bool twice;
	BOOL answer, again;
	PTP_WORK work;
};

static struct question questions[QUESTIONS];
static PTP_POOL pool;
static TP_CALLBACK_ENVIRON settings;
static PTP_WORK counter, blocker;
static struct gate held;		/* the blockers stand here */
static struct gate making;		/* a thread that is being made */
static struct tally ran, begun;
static unsigned long threads_before;

static unsigned long
threads(void)
{
	return live_threads() - threads_before;
}

/* ---- Callbacks ---- */

static VOID CALLBACK
ask(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK unused)
{
	struct question *question = context;

	(void)unused;
	gate_wait(&question->door);
	question->answer = CallbackMayRunLong(instance);
	tally_add(&question->answered);
	if (question->twice) {
		gate_wait(&question->second);
		question->again = CallbackMayRunLong(instance);
		tally_add(&question->answered);
	}
	gate_wait(&question->end);
}

static VOID CALLBACK
count(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK unused)
{
	(void)instance;
	(void)context;
	(void)unused;
	tally_add(&ran);
}

static VOID CALLBACK
block(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK unused)
{
	(void)instance;
	(void)context;
	(void)unused;
	tally_add(&begun);
	gate_wait(&held);
}

/* ---- A pool ---- */

static void
reset(void)
{
	static const struct gate shut = GATE_SHUT;
	static const struct tally zero = TALLY_ZERO;
	static const struct question none = { .door = GATE_SHUT,
		.second = GATE_SHUT, .end = GATE_SHUT,
		.answered = TALLY_ZERO };

	for (int i = 0; i < QUESTIONS; i++)
		questions[i] = none;
	held = making = shut;
	ran = begun = zero;
}

static PTP_WORK
create(PTP_WORK_CALLBACK callback, void *context)
{
	PTP_WORK work = CreateThreadpoolWork(callback, context, &settings);

	require(work != NULL, "CreateThreadpoolWork failed");
	return work;
}

/* A pool that has its minimum of threads, and they are asleep. */
static void
start(DWORD minimum, DWORD maximum, const char *processors)
{
	await_still();		/* what was here before this one has left */
	reset();
	setenv("TP_PROCESSORS", processors, 1);
	setenv("TP_IDLE_MS", "100000000", 1);
	setenv("TP_STALL_MS", "100000000", 1);
	threads_before = live_threads();
	pool = CreateThreadpool(NULL);
	require(pool != NULL, "CreateThreadpool failed");
	SetThreadpoolThreadMaximum(pool, maximum);
	require(SetThreadpoolThreadMinimum(pool, minimum),
		"SetThreadpoolThreadMinimum failed");
	InitializeThreadpoolEnvironment(&settings);
	SetThreadpoolCallbackPool(&settings, pool);
	counter = create(count, NULL);
	blocker = create(block, NULL);
	for (int i = 0; i < QUESTIONS; i++)
		questions[i].work = create(ask, &questions[i]);
	await_still();
}

/* Its callback stands at the door. */
static void
come(int number)
{
	SubmitThreadpoolWork(questions[number].work);
	gate_await_waiting(&questions[number].door, 1);
	await_still();
}

static BOOL
answer_to(int number)
{
	gate_open(&questions[number].door);
	awaiting("CallbackMayRunLong to return");
	tally_await(&questions[number].answered, 1);
	awaiting(NULL);
	return questions[number].answer;
}

static BOOL
second_answer(void)
{
	gate_open(&questions[0].second);
	awaiting("a second CallbackMayRunLong to return");
	tally_await(&questions[0].answered, 2);
	awaiting(NULL);
	return questions[0].again;
}

static void
submit(PTP_WORK work, int posts)
{
	while (posts-- > 0)
		SubmitThreadpoolWork(work);
}

/* Others run while the callback that has asked blocks. */
static void
drain(int posts)
{
	submit(counter, posts);
	awaiting("what is queued to run, while a callback that was told that "
		"it may run long blocks");
	tally_await(&ran, (unsigned long)posts);
	awaiting(NULL);
}

/* As many other callbacks as this occupy a thread each. */
static void
occupy(int posts)
{
	submit(blocker, posts);
	tally_await(&begun, (unsigned long)posts);
}

/* Lets a callback that has asked return. */
static void
end(int number)
{
	gate_open(&questions[number].second);
	gate_open(&questions[number].end);
	awaiting("a callback that has asked to return");
	WaitForThreadpoolWorkCallbacks(questions[number].work, FALSE);
	awaiting(NULL);
}

static void
finish(void)
{
	gate_open(&held);
	for (int i = 0; i < QUESTIONS; i++)
		end(i);
	awaiting("the last callbacks to return");
	WaitForThreadpoolWorkCallbacks(blocker, FALSE);
	WaitForThreadpoolWorkCallbacks(counter, FALSE);
	awaiting(NULL);
	for (int i = 0; i < QUESTIONS; i++)
		CloseThreadpoolWork(questions[i].work);
	CloseThreadpoolWork(blocker);
	CloseThreadpoolWork(counter);
	DestroyThreadpoolEnvironment(&settings);
	CloseThreadpool(pool);
}

/* ---- Threads that are held up while they are made ---- */

static void
stand_still(void *unused)
{
	(void)unused;
	gate_wait(&making);
}

static void
hold_making(void)
{
	at_each(BEFORE_CREATE, stand_still);
}

static void
go_on_making(void)
{
	at_each(BEFORE_CREATE, NULL);
	gate_open(&making);
}

/* ---- TRUE ---- */

/* Nothing moves: nobody is being made, and nobody on the way. */
static void
require_all_arrived(void)
{
	bool arrived;

	tp_lock(&pool->lock);
	arrived = pool->starting == 0 && pool->waking == 0;
	tp_unlock(&pool->lock);
	require(arrived, "a thread was made, it has arrived, and starting or "
		"waking of the pool is not 0");
}

static void
make_one(void)
{
	start(1, 2, "1");
	come(0);
	require(answer_to(0), "the pool had one of two threads that it may "
		"have, and the answer was FALSE");
	await_still();
	require(threads() == 2, "the answer was TRUE, and of two threads that "
		"the pool may have it had %lu", threads());
	require_all_arrived();
	drain(4);
	finish();
}

static void
have_one(DWORD maximum, int posts)
{
	start(2, maximum, "1");
	come(0);
	require(answer_to(0), "a thread of the pool was idle, and the answer "
		"was FALSE");
	await_still();
	require(threads() == 2, "one of two threads was idle, and then there "
		"were %lu", threads());
	drain(posts);
	finish();
}

static void
submit_one(void *unused)
{
	(void)unused;
	submit(counter, 1);
}

/* Somebody has posted, and a thread is being made for it. */
static void
expect_one(void)
{
	struct actor actor;

	start(1, 2, "2");
	come(0);
	hold_making();
	actor_start(&actor, submit_one, NULL);
	gate_await_waiting(&making, 1);
	require(answer_to(0), "a second thread was on its way, and the answer "
		"was FALSE");
	go_on_making();
	actor_join(&actor);
	awaiting("a post to run, on the thread that was on its way");
	tally_await(&ran, 1);
	awaiting(NULL);
	finish();
}

/* A post and the question at any time: there is room for one thread. */
static void
ask_and_post(void)
{
	start(1, 2, "2");
	gate_open(&questions[0].door);
	submit(questions[0].work, 1);
	drain(2);
	tally_await(&questions[0].answered, 1);
	await_still();
	require(threads() <= 2, "the pool had %lu threads, and its maximum "
		"is 2", threads());
	finish();
}

CHECK(yes_if_there_is_a_thread_for_the_rest)
{
	make_one();
	have_one(2, 4);
	have_one(4, 1);	/* more would be a queue below the maximum */
	expect_one();
	if (explore_active())
		ask_and_post();
}

/* ---- FALSE ---- */

static void
ask_the_only_one(void)
{
	start(1, 1, "1");
	come(0);
	require(!answer_to(0), "the pool had the one thread that it may have, "
		"and the answer was TRUE");
	await_still();
	require(threads() == 1, "the pool had %lu threads, and its maximum "
		"is 1", threads());
	finish();
}

static void
ask_when_all_are_busy(void)
{
	start(2, 2, "2");
	come(0);
	occupy(1);
	require(!answer_to(0), "two callbacks ran, as many as the maximum "
		"allows, and the answer was TRUE");
	await_still();
	require(threads() == 2, "the pool had %lu threads, and its maximum "
		"is 2", threads());
	finish();
}

/* Somebody is idle, and may not start anything. */
static void
ask_when_lowered(void)
{
	start(2, 2, "2");
	come(0);
	SetThreadpoolThreadMaximum(pool, 1);
	await_still();
	require(!answer_to(0), "one callback ran, the maximum had been lowered "
		"to 1, and the answer was TRUE");
	finish();
}

/* Two ask, and there is room for one more thread. */
static void
ask_at_once(void)
{
	unsigned long made = made_threads();

	start(2, 3, "2");
	come(0);
	come(1);
	hold_making();
	gate_open(&questions[0].door);
	await_still();		/* a thread is being made for it */
	gate_open(&questions[1].door);
	await_still();
	go_on_making();
	(void)answer_to(0);
	(void)answer_to(1);
	await_still();
	made = made_threads() - made;
	require(made <= 3, "two asked at the same time: the pool made %lu "
		"threads, and its maximum is 3", made);
	finish();
}

/* The same, and nobody is held up. */
static void
ask_at_any_time(void)
{
	unsigned long made = made_threads();

	start(2, 3, "2");
	gate_open(&questions[0].door);
	gate_open(&questions[1].door);
	submit(questions[0].work, 1);
	submit(questions[1].work, 1);
	(void)answer_to(0);
	(void)answer_to(1);
	await_still();
	made = made_threads() - made;
	require(made <= 3, "two asked at the same time: the pool made %lu "
		"threads, and its maximum is 3", made);
	finish();
}

CHECK(no_at_the_maximum)
{
	ask_the_only_one();
	ask_when_all_are_busy();
	ask_when_lowered();
	ask_at_once();
	if (explore_active())
		ask_at_any_time();
}

/* ---- The mark ---- */

/* One processor: it is free for others only if the callback is marked. */
static void
mark_after_no(void)
{
	start(1, 1, "1");
	come(0);
	(void)answer_to(0);
	SetThreadpoolThreadMaximum(pool, 2);
	submit(counter, 1);
	awaiting("a post to run: the one processor is free, since the callback "
		"that was told FALSE is marked, and the maximum has been "
		"raised to 2");
	tally_await(&ran, 1);
	finish();
}

/* Two processors: who runs long leaves one more to others. */
static void
mark_after_yes(DWORD minimum)
{
	start(minimum, 3, "2");
	come(0);
	(void)answer_to(0);
	await_still();
	awaiting("two callbacks to run on two processors, beside one that was "
		"told TRUE and is marked");
	occupy(2);
	finish();
}

CHECK(it_is_marked_whatever_the_answer)
{
	mark_after_no();
	mark_after_yes(1);
	mark_after_yes(2);
}

/* All callbacks have returned: then no thread is marked. */
static void
require_no_mark(void)
{
	unsigned marked;

	tp_lock(&pool->lock);
	marked = pool->suspended;
	tp_unlock(&pool->lock);
	require(marked == 0, "all callbacks had returned, and the pool still "
		"counted a thread as one that runs long");
}

CHECK(the_mark_is_of_one_callback)
{
	start(1, 1, "1");
	questions[0].twice = true;
	come(0);
	(void)answer_to(0);
	(void)second_answer();
	end(0);
	require_no_mark();
	SetThreadpoolThreadMaximum(pool, 2);
	come(1);
	require(answer_to(1), "the next callback on the same thread asked, one "
		"more thread was allowed, and the answer was FALSE");
	end(1);
	require_no_mark();
	finish();
}

/* ---- Asked before ---- */

static const char *
word(BOOL answer)
{
	return answer ? "TRUE" : "FALSE";
}

/* What has changed meanwhile does not matter any more. */
static void
ask_again(const char *change)
{
	BOOL first = questions[0].answer, second;
	unsigned long made = made_threads();

	second = second_answer();
	require(second == first, "the first answer was %s, then %s, and the "
		"second answer was %s", word(first), change, word(second));
	await_still();
	require(made_threads() == made, "a second question made a thread");
	finish();
}

static void
ask_again_after_no(void)
{
	start(1, 1, "1");
	questions[0].twice = true;
	come(0);
	(void)answer_to(0);
	SetThreadpoolThreadMaximum(pool, 2);
	ask_again("the maximum was raised");
}

static void
ask_again_after_yes(DWORD maximum)
{
	start(1, maximum, "1");
	questions[0].twice = true;
	come(0);
	(void)answer_to(0);
	awaiting("a callback to run beside one that has asked");
	occupy(1);
	ask_again("another callback began on the other thread");
}

/* The environment has asked for it: nobody looks. */
static void
ask_where_all_run_long(void)
{
	start(1, 1, "1");
	SetThreadpoolCallbackRunsLong(&settings);
	CloseThreadpoolWork(questions[0].work);
	questions[0].work = create(ask, &questions[0]);
	come(0);
	require(answer_to(0), "the environment of the object says that its "
		"callbacks run long, and the answer was FALSE");
	finish();
}

CHECK(the_first_answer_holds)
{
	ask_again_after_no();
	ask_again_after_yes(2);
	ask_again_after_yes(4);
	ask_where_all_run_long();
}

/* ---- Refused ---- */

static void
refuse_a_thread(void)
{
	start(1, 2, "1");
	come(0);
	fail_threads(true);
	require(!answer_to(0), "the system refused the thread, and the answer "
		"was TRUE");
	fail_threads(false);
	submit(counter, 1);
	awaiting("a post to run, on a thread that was refused once and can be "
		"made now");
	tally_await(&ran, 1);
	awaiting(NULL);
	require(threads() == 2, "a thread was refused once and then made, and "
		"the pool had %lu threads", threads());
	finish();
}

/* Somebody posts while the thread is being made, and relies on it. */
static void
refuse_who_was_relied_on(void)
{
	start(1, 2, "1");
	come(0);
	hold_making();
	gate_open(&questions[0].door);
	awaiting("a thread to be made for a callback that asks");
	gate_await_waiting(&making, 1);
	awaiting(NULL);
	submit(counter, 1);
	fail_thread(1);
	go_on_making();
	require(!answer_to(0), "the system refused the thread, and the answer "
		"was TRUE");
	awaiting("a post to run that came while the thread was being made "
		"which the system then refused");
	tally_await(&ran, 1);
	awaiting(NULL);
	finish();
}

CHECK(a_refused_thread_is_a_no)
{
	refuse_a_thread();
	refuse_who_was_relied_on();
}
