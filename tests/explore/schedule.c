/* schedule.c - threads, their operations, and who runs next */
/* SPDX-License-Identifier: MIT */
/*
 * Every intercepted call comes to xp_step: it announces an operation,
 * chooses, among all threads whose operation can proceed, the one that
 * runs next, gives it the token, and returns when the caller is chosen
 * itself. Between two steps a thread runs undisturbed.
 *
 * When no thread can proceed, virtual time moves to the earliest deadline.
 * When there is none within the time limit, that is a deadlock: whoever
 * waits, waits for ever, or for what comes too late to be meant. A program
 * that makes too many steps is a livelock.
 *
 * Each step is written down in the record, which the driver reads when the
 * process has ended, however it ends (ending.c).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inner.h"

bool xp_exploring;
_Thread_local struct xp_thread *xp_self;
struct xp_thread xp_threads[XP_THREADS];
unsigned xp_thread_count;
struct xp_record *xp_record;
const struct xp_plan *xp_plan;

static struct xp_op start_op = { .kind = XP_START };
static unsigned fruitless;		/* yields in a row */

/* ---- Where a call comes from ---- */

/*
 * Walks the chain of frame pointers, which explored code is compiled to
 * keep. A link that does not lead upwards on this thread's stack ends it.
 */
void
xp_frames(uintptr_t frames[XP_FRAMES])
{
	const char *frame = __builtin_frame_address(0);
	unsigned n = 0;

	memset(frames, 0, XP_FRAMES * sizeof(frames[0]));
	while (n < XP_FRAMES && xp_self != NULL &&
	    frame >= xp_self->stack_low &&
	    frame + 2 * sizeof(uintptr_t) <= xp_self->stack_high &&
	    (uintptr_t)frame % sizeof(uintptr_t) == 0) {
		const uintptr_t *link = (const void *)frame;

		if (link[1] == 0)
			break;
		frames[n++] = link[1];
		if (link[0] <= (uintptr_t)frame)
			break;
		frame = (const char *)link[0];
	}
}

/* ---- Choosing ---- */

static bool
has_deadline(const struct xp_op *op)
{
	return op->deadline > 0 && op->deadline != XP_FOREVER;
}

static bool
timed_out(const struct xp_op *op)
{
	return has_deadline(op) && op->deadline <= xp_now;
}

static bool
can_proceed(struct xp_op *op)
{
	if (op->kind == XP_STILL)
		return false;		/* only if nobody else can */
	return op->ready == NULL || op->ready(op) || timed_out(op);
}

/* May its time-out come although others can run? Never one out of reach. */
static bool
may_time_out(const struct xp_op *op)
{
	return xp_plan->slow && has_deadline(op) &&
		op->deadline <= xp_plan->time_limit;
}

/* Could it be made to go on all the same, for the sake of a test? */
static bool
can_be_forced(const struct xp_op *op)
{
	return (xp_plan->spurious && op->kind == XP_WAKE) ||
		may_time_out(op);
}

/* A bit for each thread that lives, waits, and is as asked. */
static uint32_t
those(bool (*as_asked)(struct xp_op *op))
{
	uint32_t mask = 0;

	for (unsigned i = 0; i < xp_thread_count; i++) {
		struct xp_thread *thread = &xp_threads[i];

		if (thread->op != NULL && as_asked(thread->op))
			mask |= xp_bit(i);
	}
	return mask;
}

static bool
is_blocked_but_forcible(struct xp_op *op)
{
	return can_be_forced(op) && !can_proceed(op);
}

static bool
awaits_still(struct xp_op *op)
{
	return op->kind == XP_STILL;
}

static bool
yields(struct xp_op *op)
{
	return op->kind == XP_YIELD;
}

/* Moves the clock to the earliest deadline; false: none is in time. */
static bool
move_clock(void)
{
	xp_time earliest = XP_FOREVER;

	for (unsigned i = 0; i < xp_thread_count; i++) {
		const struct xp_op *op = xp_threads[i].op;

		if (op != NULL && has_deadline(op) &&
		    op->deadline > xp_now && op->deadline < earliest)
			earliest = op->deadline;
	}
	if (earliest > xp_plan->time_limit)
		return false;
	xp_now = earliest;
	return true;
}

/*
 * The threads that can proceed. Threads that only yield to each other wait
 * for somebody who sleeps: after a round or two of that, time moves.
 */
static uint32_t
await_ready(void)
{
	for (;;) {
		uint32_t ready = those(can_proceed);

		if (ready != 0 && ready == those(yields)) {
			if (++fruitless > 2 * xp_thread_count &&
			    move_clock())
				fruitless = 0;
			else
				return ready;
			continue;
		}
		fruitless = 0;
		if (ready == 0)
			ready = those(awaits_still);
		if (ready != 0)
			return ready;
		if (!move_clock())
			xp_verdict(XP_DEADLOCK, "nobody can go on");
	}
}

static enum xp_outcome
outcome_of(struct xp_op *op)
{
	if (op->kind == XP_STILL || op->ready == NULL || op->ready(op))
		return XP_READY;
	if (timed_out(op))
		return XP_TIMED_OUT;
	if (may_time_out(op)) {
		xp_now = op->deadline;
		return XP_TIMED_OUT;
	}
	return XP_SPURIOUS;
}

/* Writes down that the thread performs its operation now. */
static void
note_step(struct xp_thread *thread, const struct xp_thread *before,
	uint32_t ready)
{
	struct xp_op *op = thread->op;
	enum xp_outcome outcome = outcome_of(op);
	struct xp_event *event = &xp_record->events[xp_record->steps];

	*event = (struct xp_event){
		.thread = thread->number, .kind = (uint8_t)op->kind,
		.outcome = (uint8_t)outcome, .before = before->number,
		.object = op->object != NULL ? op->object->number : 0,
		.write = op->write, .size = op->size, .ready = ready,
		.time = xp_now,
		.data = op->data
	};
	memcpy(event->frames, op->frames, sizeof(event->frames));
	op->event = event;
	if (++xp_record->steps > xp_plan->step_limit)
		xp_verdict(XP_LIVELOCK, "no end after %u steps",
			(unsigned)xp_plan->step_limit);
}

/* Chooses who runs next; its operation is about to be performed. */
static struct xp_thread *
choose(struct xp_thread *current)
{
	uint32_t ready = await_ready();
	uint32_t forced = those(is_blocked_but_forcible);
	struct xp_thread *next = xp_strategy_pick(current, ready, forced);
	struct xp_op *op = next->op;

	note_step(next, current, ready);
	next->op = NULL;
	xp_strategy_performed(next, op);
	return next;
}

/* ---- Steps ---- */

/* See inner.h. */
enum xp_outcome
xp_step(struct xp_op *op)
{
	struct xp_thread *self = xp_self, *next;
	int error = errno;	/* the program's own */

	xp_frames(op->frames);
	self->op = op;
	xp_strategy_announced(self);
	next = choose(self);
	if (next != self) {
		xp_token_give(next);
		xp_token_await(self);
	}
	errno = error;
	return (enum xp_outcome)op->event->outcome;
}

/* See inner.h. */
void
xp_simple_step(enum xp_kind kind, struct xp_object *object, uintptr_t data)
{
	struct xp_op op = { .kind = kind, .object = object, .data = data };

	(void)xp_step(&op);
}

/* See inner.h. */
void
xp_pause(struct xp_object *object)
{
	if (xp_plan->fine)
		xp_simple_step(XP_PAUSE, object, 0);
}

/* ---- Threads ---- */

static void
find_stack(struct xp_thread *thread)
{
	pthread_attr_t attributes;
	void *low;
	size_t size;

	if (xp_stack_of(pthread_self(), &attributes) != 0)
		return;
	if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
		thread->stack_low = low;
		thread->stack_high = (const char *)low + size;
	}
	pthread_attr_destroy(&attributes);
}

/* A thread that will be made now; its first operation is to start. */
struct xp_thread *
xp_thread_new(void)
{
	struct xp_thread *thread;

	if (xp_thread_count == XP_THREADS)
		xp_verdict(XP_TROUBLE, "more than %d threads: too large to "
			"be explored", XP_THREADS);
	thread = &xp_threads[xp_thread_count];
	thread->number = (uint8_t)xp_thread_count;
	thread->op = &start_op;
	xp_thread_count++;
	xp_strategy_thread(thread);
	xp_strategy_announced(thread);
	return thread;
}

/* On the new thread: returns when it is its turn for the first time. */
void
xp_thread_run(struct xp_thread *thread)
{
	xp_token_await(thread);
	find_stack(thread);
	xp_self = thread;
	xp_objects_forget(thread->stack_low,
		(size_t)(thread->stack_high - thread->stack_low));
	xp_race_started();
}

/* On a thread that ends: nothing of it is explored from here on. */
void
xp_thread_end(void)
{
	struct xp_thread *self = xp_self, *next;

	xp_simple_step(XP_END, NULL, 0);
	self->ended = true;
	for (unsigned i = 0; i < xp_thread_count; i++)
		if (!xp_threads[i].ended) {
			next = choose(self);
			xp_self = NULL;
			xp_token_give(next);
			return;
		}
	xp_end(EXIT_SUCCESS);	/* the last one: so ends the process */
}

/* ---- The beginning ---- */

/* See explore.h. */
void
explore_search_here(void)
{
	if (xp_active())
		xp_record->searched_from = xp_record->steps;
}

/* In the driver: to read /proc for main's stack once, not every time. */
void
xp_prepare(void)
{
	find_stack(&xp_threads[0]);
}

/* The calling thread becomes main, the first explored thread. */
void
xp_begin(const struct xp_plan *plan, struct xp_record *record)
{
	xp_plan = plan;
	xp_record = record;
	xp_strategy_begin(plan);
	xp_self = xp_thread_new();
	snprintf(xp_self->name, sizeof(xp_self->name), "main");
	xp_self->op = NULL;
	xp_self->handle = pthread_self();
	xp_thread_watch_end();
	xp_race_begin();
	xp_memory_begin();
	xp_leftovers_begin();
	xp_exploring = true;
}
