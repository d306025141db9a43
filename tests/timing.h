/* timing.h - what the suites of timer objects have in common */
/* SPDX-License-Identifier: MIT */
/*
 * Timers ring bells: a bell has a letter, and each time its callback runs,
 * letter and time go into a diary. "a10 b25" says that bell a has rung 10 ms
 * after the beginning, and b 25 ms. In virtual time that is exact, to the
 * tick; natively a bell may be late, but neither early nor out of order.
 *
 * Most tests have a stage: a private pool, and a diary. On a pool of one
 * thread callbacks run in the order of the due times; so when a timer that
 * was set last has come, everything that was due before has run, or will
 * never (let_pass).
 *
 * Everything here is inline: a suite takes what it needs.
 */
#ifndef TIMING_H
#define TIMING_H

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "elapsed.h"
#include "harness.h"

#include "../ref/pool.h"

#define DIARY_MAX	128
#define HOUR_MS		(3600 * 1000)
#define HOUR		(HOUR_MS * MS)
#define DAY_MS		(24 * HOUR_MS)	/* beyond the end of explored time */
#define DAY		(DAY_MS * MS)

/* ---- Times ---- */

/* ticks: see file_time. period, window: ms. */
static inline void
set_ticks(PTP_TIMER timer, LONGLONG ticks, DWORD period, DWORD window)
{
	FILETIME due = file_time(ticks);

	SetThreadpoolTimer(timer, &due, period, window);
}

/* The same, so many milliseconds from now. */
static inline void
set_ms(PTP_TIMER timer, LONGLONG ms, DWORD period)
{
	set_ticks(timer, -ms * MS, period, 0);
}

static inline BOOL
set_ms_ex(PTP_TIMER timer, LONGLONG ms)
{
	FILETIME due = file_time(-ms * MS);

	return SetThreadpoolTimerEx(timer, &due, 0, 0);
}

static inline void
unset(PTP_TIMER timer)
{
	SetThreadpoolTimer(timer, NULL, 0, 0);
}

/* The safe end of a timer: nothing of it runs any more. */
static inline void
end_timer(PTP_TIMER timer)
{
	unset(timer);
	WaitForThreadpoolTimerCallbacks(timer, TRUE);
	CloseThreadpoolTimer(timer);
}

/* A thread that sets the system clock back by two seconds. */
static inline void *
set_the_clock_back(void *unused)
{
	explore_step_wall(-2000);
	return unused;
}

/* ---- Diaries ---- */

struct diary {
	LONGLONG begin;			/* ticks */
	pthread_mutex_t mutex;

	/* Guarded by mutex. */
	unsigned count;
	struct {
		char name;
		LONGLONG at;		/* ticks since begin */
	} entries[DIARY_MAX];

	struct tally written;
};

static inline void
diary_open(struct diary *diary)
{
	*diary = (struct diary){ .mutex = PTHREAD_MUTEX_INITIALIZER,
		.written = TALLY_INIT, .begin = ticks_now() };
}

static inline void
diary_write(struct diary *diary, char name)
{
	LONGLONG at = ticks_now() - diary->begin;

	pthread_mutex_lock(&diary->mutex);
	if (diary->count < DIARY_MAX) {
		diary->entries[diary->count].name = name;
		diary->entries[diary->count++].at = at;
	}
	pthread_mutex_unlock(&diary->mutex);
	tally_add(&diary->written);
}

/* What it says, in so many entries at most. */
static inline const char *
diary_text(struct diary *diary, unsigned most)
{
	static char text[DIARY_MAX * 24];
	char *out = text;

	*out = '\0';
	pthread_mutex_lock(&diary->mutex);
	for (unsigned i = 0; i < diary->count && i < most; i++) {
		LONGLONG at = diary->entries[i].at;

		out += sprintf(out, "%s%c%lld", i > 0 ? " " : "",
			diary->entries[i].name, (long long)(at / MS));
		if (at % MS != 0)
			out += sprintf(out, ".%04lld", (long long)(at % MS));
	}
	pthread_mutex_unlock(&diary->mutex);
	return text;
}

/* Is it at least as late as expected, entry by entry? */
static inline bool
diary_is_not_early(const char *text, const char *expected)
{
	while (*expected != '\0') {
		if (*text != *expected ||
		    strtod(text + 1, NULL) < strtod(expected + 1, NULL))
			return false;
		text += strcspn(text, " ");
		expected += strcspn(expected, " ");
		text += *text == ' ';
		expected += *expected == ' ';
	}
	return true;
}

/* The diary begins so: exactly, or natively not earlier. Returns how many. */
static inline unsigned
assert_begins(struct diary *diary, const char *expected)
{
	unsigned entries = 0;
	const char *text;

	for (const char *in = expected; *in != '\0'; in++)
		entries += isalpha((unsigned char)*in) != 0;
	text = diary_text(diary, entries);
	if (exact())
		ck_assert_str_eq(text, expected);
	else
		ck_assert_msg(diary_is_not_early(text, expected),
			"expected \"%s\" or later: \"%s\"", expected, text);
	return entries;
}

/* And nothing else is in it. */
static inline void
assert_diary(struct diary *diary, const char *expected)
{
	unsigned entries = assert_begins(diary, expected);

	ck_assert_msg(tally_read(&diary->written) == entries,
		"expected only \"%s\": \"%s\"", expected,
		diary_text(diary, DIARY_MAX));
}

/* An entry of the diary: not before the one, not after the other, in ms. */
static inline void
assert_between(struct diary *diary, unsigned entry, char name, LONGLONG from,
	LONGLONG to)
{
	pthread_mutex_lock(&diary->mutex);
	ck_assert_int_eq(diary->entries[entry].name, name);
	ck_assert_int_ge(diary->entries[entry].at, from * MS);
	ck_assert_int_le(diary->entries[entry].at, to * MS);
	pthread_mutex_unlock(&diary->mutex);
}

/* ---- Stages ---- */

struct bell {
	struct diary *diary;
	char name;
};

struct stage {
	struct private_pool private;
	struct diary diary;
	struct bell bells[8];		/* a to h */
	struct gate gate;		/* for callbacks that wait there */
	PTP_WORK holder;		/* see hold */
	PTP_TIMER later;		/* see let_pass */
	struct tally passed;
};

static inline VOID CALLBACK
ring(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct bell *bell = context;

	(void)instance;
	(void)timer;
	diary_write(bell->diary, bell->name);
}

/* Rings as it begins, and takes 7 ms. */
static inline VOID CALLBACK
ring_and_be_busy(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_TIMER timer)
{
	ring(instance, context, timer);
	Sleep(7);
}

static inline VOID CALLBACK
count_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance;
	(void)timer;
	tally_add(context);
}

static inline VOID CALLBACK
stand_at_the_gate(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct stage *stage = context;

	(void)instance;
	(void)work;
	gate_wait(&stage->gate);
}

/* A timer in the pool of the stage, not set. */
static inline PTP_TIMER
timer_of(struct stage *stage, PTP_TIMER_CALLBACK callback, PVOID context)
{
	PTP_TIMER timer = CreateThreadpoolTimer(callback, context,
		&stage->private.environ);

	ck_assert_ptr_nonnull(timer);
	return timer;
}

/* A timer that rings the bell of that name, from a to h. */
static inline PTP_TIMER
bell_of(struct stage *stage, char name)
{
	return timer_of(stage, ring, &stage->bells[name - 'a']);
}

/* A pool of exactly so many threads. Its diary begins now. */
static inline void
stage_open(struct stage *stage, DWORD threads)
{
	*stage = (struct stage){ .gate = GATE_INIT, .passed = TALLY_INIT };
	private_pool_open(&stage->private, threads, threads);
	for (int i = 0; i < 8; i++)
		stage->bells[i] = (struct bell){ &stage->diary,
			(char)('a' + i) };
	stage->later = timer_of(stage, count_timer, &stage->passed);
	stage->holder = CreateThreadpoolWork(stand_at_the_gate, stage,
		&stage->private.environ);
	ck_assert_ptr_nonnull(stage->holder);
	diary_open(&stage->diary);
}

static inline void
stage_close(struct stage *stage)
{
	end_timer(stage->later);
	CloseThreadpoolWork(stage->holder);
	private_pool_close(&stage->private);
}

/* The one thread of the pool does nothing until release. */
static inline void
hold(struct stage *stage)
{
	SubmitThreadpoolWork(stage->holder);
	gate_await_waiting(&stage->gate, 1);
}

static inline void
release(struct stage *stage)
{
	gate_open(&stage->gate);
	WaitForThreadpoolWorkCallbacks(stage->holder, FALSE);
}

/*
 * Returns when so much time has passed, and what became due meanwhile has
 * run: on a pool of one thread that is free.
 */
static inline void
let_pass(struct stage *stage, LONGLONG ms)
{
	unsigned long passed = tally_read(&stage->passed);

	set_ms(stage->later, ms, 0);
	tally_await(&stage->passed, passed + 1);
}

/* ---- Looking inside ---- */

/*
 * Explored as on a slow machine, time runs ahead of whoever is not scheduled:
 * a periodic timer can keep the others of a pool busy for ever.
 */
static inline void
not_on_a_slow_machine(void)
{
	if (explore_active() && explore_is_slow())
		explore_cannot("periods are too short for a machine that is"
			" slow at will");
}

/* For await: does a thread wait for the callbacks of this timer or wait? */
static inline bool
is_waited_for(void *handle)
{
	struct tp_object *object = handle;
	bool found;

	tp_lock(&object->pool->lock);
	found = !tp_list_empty(&object->waiters) || object->idler != NULL;
	tp_unlock(&object->pool->lock);
	return found;
}

/* A timer begins with the callback object that the engine counts. */
static inline unsigned
pending_of(void *timer)
{
	struct tp_object *object = timer;
	unsigned pending;

	tp_lock(&object->pool->lock);
	pending = object->pending;
	tp_unlock(&object->pool->lock);
	return pending;
}

static inline bool
is_alone(void *pool)
{
	TP_POOL *p = pool;
	bool alone;

	tp_lock(&p->lock);
	alone = p->objects == 2;	/* those of struct stage */
	tp_unlock(&p->lock);
	return alone;
}

/* Until the timers that were closed are gone, and all of theirs has run. */
static inline void
await_their_end(struct stage *stage)
{
	await(is_alone, stage->private.pool);
}

static inline bool
two_are_pending(void *timer)
{
	return pending_of(timer) >= 2;
}

#endif /* TIMING_H */
