/* play.h - what the scenarios of cleanup groups have in common */
/* SPDX-License-Identifier: MIT */
/*
 * A play has actors: the members of a cleanup group, in two pools, with a
 * context each. Their callbacks leave marks in it that nothing but the pool
 * makes visible, and post, set and close one another. Then the members are
 * closed, and at once the marks are read and the contexts freed. So a
 * callback that runs beside or after that is a data race or a use of freed
 * memory, and the explorer says so; natively a sanitizer does.
 *
 * What may be refused is told by play.short_of; the play is then ended
 * without having begun.
 *
 * Everything here is inline: a suite takes what it needs.
 */
#ifndef PLAY_H
#define PLAY_H

#include "scenario.h"
#include "timing.h"

#define ACTORS_MAX	4
#define MARKS		16

struct play {
	struct private_pool pools[2];	/* the second has one thread */
	PTP_CLEANUP_GROUP group;
	bool short_of;			/* something could not be made */
	unsigned count;
	struct actor *actors[ACTORS_MAX];
	LONG volatile acts;		/* of all of them */
	LONG limit;			/* no more than so many are asked for */
	bool cancelling;		/* a cancel callback is at work */
	bool simple_ones;		/* of these are those that come */
};

struct actor {
	struct play *play;
	PTP_WORK work;			/* one of these, or simple */
	PTP_TIMER timer;
	PTP_WAIT wait;
	bool simple;
	bool closed;			/* by a callback, by hand */
	HANDLE event;
	struct actor *next;		/* whom its callback acts upon */
	LONG volatile started, finished;
	int marks[MARKS];
	int cancels;			/* calls of the cancel callback */
};

/* ---- What callbacks do ---- */

/* Each begins so. Returns its number, from 1 on. */
static inline LONG
act(struct actor *actor)
{
	LONG n = InterlockedIncrement(&actor->started);

	ck_assert_int_le(n, MARKS);
	actor->marks[n - 1] = 1;
	InterlockedIncrement(&actor->play->acts);
	return n;
}

/* And ends so. */
static inline void
bow(struct actor *actor)
{
	InterlockedIncrement(&actor->finished);
}

/* May it ask for another act? */
static inline bool
goes_on(struct actor *actor)
{
	return count_of(&actor->play->acts) < actor->play->limit;
}

static inline VOID CALLBACK
act_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	(void)act(context);
	bow(context);
}

static inline VOID CALLBACK
act_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)act(context);
	bow(context);
}

/* The cancel callback of the group. */
static inline VOID CALLBACK
dismiss(PVOID context, PVOID cleanup)
{
	struct actor *actor = context;
	struct play *play = cleanup;

	ck_assert_ptr_eq(actor->play, play);
	ck_assert(!play->cancelling);
	play->cancelling = true;
	actor->cancels++;
	play->cancelling = false;
}

/* ---- Beginning ---- */

/* Pools, the first with so many threads, and a group; or nothing. */
static inline bool
try_play(struct play *play, DWORD threads)
{
	*play = (struct play){ .limit = 6 };
	set_times(NULL, NULL, NULL);
	if (!try_pool(&play->pools[0], threads, threads))
		return false;
	if (!try_pool(&play->pools[1], 1, 1))
		goto no_second;
	play->group = CreateThreadpoolCleanupGroup();
	if (!made(play->group))
		goto no_group;
	for (int i = 0; i < 2; i++)
		SetThreadpoolCallbackCleanupGroup(&play->pools[i].environ,
			play->group, dismiss);
	return true;
no_group:
	private_pool_close(&play->pools[1]);
no_second:
	private_pool_close(&play->pools[0]);
	return false;
}

/* An actor without an object. NULL: the play is short of it. */
static inline struct actor *
try_actor(struct play *play)
{
	struct actor *actor = calloc(1, sizeof(*actor));

	if (actor == NULL) {
		ck_assert(may_fail());
		play->short_of = true;
		return NULL;
	}
	actor->play = play;
	play->actors[play->count++] = actor;
	return actor;
}

/* Actors of a kind, in the pool of that number; or NULL. */
static inline struct actor *
try_worker(struct play *play, int pool, PTP_WORK_CALLBACK callback)
{
	struct actor *actor = try_actor(play);

	if (actor == NULL)
		return NULL;
	actor->work = CreateThreadpoolWork(callback, actor,
		&play->pools[pool].environ);
	if (!made(actor->work))
		play->short_of = true;
	return actor;
}

static inline struct actor *
try_ticker(struct play *play, int pool, PTP_TIMER_CALLBACK callback)
{
	struct actor *actor = try_actor(play);

	if (actor == NULL)
		return NULL;
	actor->timer = CreateThreadpoolTimer(callback, actor,
		&play->pools[pool].environ);
	if (!made(actor->timer))
		play->short_of = true;
	return actor;
}

static inline struct actor *
try_watcher(struct play *play, int pool, PTP_WAIT_CALLBACK callback,
	HANDLE event)
{
	struct actor *actor = try_actor(play);

	if (actor == NULL)
		return NULL;
	actor->event = event;
	actor->wait = CreateThreadpoolWait(callback, actor,
		&play->pools[pool].environ);
	if (!made(actor->wait))
		play->short_of = true;
	return actor;
}

/* This one acts at once. */
static inline struct actor *
try_simple(struct play *play, int pool, PTP_SIMPLE_CALLBACK callback)
{
	struct actor *actor = try_actor(play);

	if (actor == NULL)
		return NULL;
	actor->simple = TrySubmitThreadpoolCallback(callback, actor,
		&play->pools[pool].environ) != FALSE;
	if (!actor->simple) {
		tolerate(GetLastError());
		play->short_of = true;
	}
	return actor;
}

/* ---- The end ---- */

/* Was its cancel callback called as often as it must have been? */
static inline void
assert_dismissed(struct actor *actor, BOOL cancel, LONG started)
{
	bool is_member = actor->work != NULL || actor->timer != NULL ||
		actor->wait != NULL;

	if (actor->simple)
		is_member = started == 0;
	ck_assert_int_eq(actor->cancels,
		cancel && is_member && !actor->closed ? 1 : 0);
}

/*
 * The members have been closed: what they did is over, and can be read. The
 * plain memory first, since a counter would make it visible.
 */
static inline void
curtain(struct play *play, BOOL cancel)
{
	for (unsigned i = 0; i < play->count; i++) {
		struct actor *actor = play->actors[i];
		LONG started;
		int marks = 0;

		for (int j = 0; j < MARKS; j++)
			marks += actor->marks[j];
		started = count_of(&actor->started);
		ck_assert_int_eq(marks, started);
		ck_assert_int_eq(count_of(&actor->finished), started);
		assert_dismissed(actor, cancel, started);
		free(actor);
	}
	play->count = 0;
	if (explore_active())
		Sleep(50);	/* whatever comes too late has its time */
}

static inline void
close_members(struct play *play, BOOL cancel)
{
	CloseThreadpoolCleanupGroupMembers(play->group, cancel, play);
	curtain(play, cancel);
}

static inline void
end_play(struct play *play)
{
	CloseThreadpoolCleanupGroup(play->group);
	private_pool_close(&play->pools[0]);
	private_pool_close(&play->pools[1]);
}

/* All of it, in the order that is advised (GROUP-27). */
static inline void
close_play(struct play *play, BOOL cancel)
{
	close_members(play, cancel);
	end_play(play);
}

#endif /* PLAY_H */
