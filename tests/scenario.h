/* scenario.h - what the suites of scenarios have in common */
/* SPDX-License-Identifier: MIT */
/*
 * A scenario is a race on purpose: two to four threads, a few calls each,
 * and nothing that forces an order. What is asserted holds in every order.
 * Natively it runs in whichever order comes; the explorer runs it in
 * thousands, and once more for each allocation and each new thread, which it
 * makes fail. A scenario therefore knows what to do when a call that may
 * fail does so: it goes on without, or gives back what it has and returns
 * (the functions named try_...). Where nothing is made to fail, such a
 * failure is one of the test: tolerate() tells the two apart.
 *
 * Deadlines of the pool must not come to the rescue of a wake-up that got
 * lost. They are a day away (NEVER), beyond the end of explored time, unless
 * a scenario is about them.
 *
 * Everything here is inline: a suite takes what it needs.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <errno.h>

#include "elapsed.h"
#include "harness.h"
#include "posts.h"

#include "../ref/pool.h"

#define NEVER		"86400000"	/* ms */

/* ---- Where the scenario runs ---- */

/* May an allocation or a new thread be refused? Never so natively. */
static inline bool
may_fail(void)
{
	return explore_active() && explore_is_faulty();
}

/* ---- What may be refused ---- */

/* A call that may fail has failed: by the fault that was injected? */
static inline void
tolerate(DWORD error)
{
	ck_assert_uint_eq(error, ERROR_NOT_ENOUGH_MEMORY);
	ck_assert_msg(may_fail(), "a call failed, and nothing made it fail");
}

/* Was it made? If not, because of an injected fault. */
static inline bool
made(const void *object)
{
	if (object == NULL)
		tolerate(GetLastError());
	return object != NULL;
}

/* ---- Threads ---- */

#define RACERS_MAX	4

/* Threads that run against each other and against the one that starts them. */
struct race {
	unsigned count;
	struct racer {
		pthread_t thread;
		void *(*body)(void *argument);
		void *argument;
		bool refused;		/* it got no thread */
	} racers[RACERS_MAX];
};

static inline void
race_start(struct race *race, void *(*body)(void *), void *argument)
{
	struct racer *racer = &race->racers[race->count++];
	int error = pthread_create(&racer->thread, NULL, body, argument);

	racer->body = body;
	racer->argument = argument;
	racer->refused = error != 0;
	if (error != 0) {
		ck_assert_int_eq(error, EAGAIN);
		tolerate(ERROR_NOT_ENOUGH_MEMORY);
	}
}

/*
 * Waits for all of them. Who got no thread runs here and now: after
 * everything else is an order, too. So nobody may need a call that its
 * starter makes after this one.
 */
static inline void
race_join(struct race *race)
{
	for (unsigned i = 0; i < race->count; i++)
		if (race->racers[i].refused)
			(void)race->racers[i].body(race->racers[i].argument);
	for (unsigned i = 0; i < race->count; i++)
		if (!race->racers[i].refused)
			ck_assert_int_eq(pthread_join(race->racers[i].thread,
				NULL), 0);
	race->count = 0;
}

/* Forgets those who got no thread, and would come too late. */
static inline void
race_drop_refused(struct race *race)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < race->count; i++)
		if (!race->racers[i].refused)
			race->racers[kept++] = race->racers[i];
	race->count = kept;
}

/* ---- Counting: one step each ---- */

static inline LONG
count_of(LONG volatile *count)
{
	return InterlockedCompareExchange(count, 0, 0);
}

static inline VOID CALLBACK
count_one(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	InterlockedIncrement(context);
}

/* ---- Pools ---- */

/*
 * What a pool that is made from now on reads. A thread that it is refused
 * is tried again after the stall time: so where that may happen, the stall
 * time is short, and elsewhere it never comes.
 */
static inline void
set_times(const char *idle, const char *stall, const char *processors)
{
	bool patient = stall == NULL && !may_fail();

	setenv("TP_IDLE_MS", idle != NULL ? idle : NEVER, 1);
	setenv("TP_STALL_MS", patient ? NEVER : stall != NULL ? stall : "20",
		1);
	setenv("TP_PROCESSORS", processors != NULL ? processors : "4", 1);
}

/* A private pool, or nothing. */
static inline bool
try_pool(struct private_pool *private, DWORD minimum, DWORD maximum)
{
	private->pool = CreateThreadpool(NULL);
	if (!made(private->pool))
		return false;
	SetThreadpoolThreadMaximum(private->pool, maximum);
	if (!SetThreadpoolThreadMinimum(private->pool, minimum)) {
		tolerate(GetLastError());
		CloseThreadpool(private->pool);
		return false;
	}
	InitializeThreadpoolEnvironment(&private->environ);
	SetThreadpoolCallbackPool(&private->environ, private->pool);
	return true;
}

/* Work in the pool, or nothing. */
static inline PTP_WORK
try_work(struct private_pool *private, PTP_WORK_CALLBACK callback,
	PVOID context)
{
	PTP_WORK work = CreateThreadpoolWork(callback, context,
		&private->environ);

	(void)made(work);
	return work;
}

/* A pool of exactly so many threads with one work object, or nothing. */
struct site {
	struct private_pool private;
	PTP_WORK work;
};

static inline bool
try_site(struct site *site, DWORD minimum, DWORD maximum,
	PTP_WORK_CALLBACK callback, PVOID context)
{
	if (!try_pool(&site->private, minimum, maximum))
		return false;
	site->work = try_work(&site->private, callback, context);
	if (site->work == NULL)
		private_pool_close(&site->private);
	return site->work != NULL;
}

/* Closes both; whoever needs the object to be quiet has waited. */
static inline void
site_close(struct site *site)
{
	CloseThreadpoolWork(site->work);
	private_pool_close(&site->private);
}

/* ---- Looking inside ---- */

/* A work object begins with the callback object that the engine counts. */
static inline unsigned
waiters_of(void *work)
{
	struct tp_object *object = work;
	unsigned waiters = 0;

	tp_lock(&object->pool->lock);
	for (struct tp_list *node = object->waiters.next;
	     node != &object->waiters; node = node->next)
		waiters++;
	tp_unlock(&object->pool->lock);
	return waiters;
}

/*
 * Nothing of the object is queued, runs or waits, and nobody holds it but
 * its handle: nobody who took a reference has forgotten to give it up.
 */
static inline void
assert_at_rest(void *work)
{
	struct tp_object *object = work;

	tp_lock(&object->pool->lock);
	ck_assert_uint_eq(object->pending, 0);
	ck_assert_uint_eq(object->running, 0);
	ck_assert_uint_eq(object->associated, 0);
	ck_assert(tp_list_empty(&object->waiters));
	ck_assert_uint_eq(object->refs, 1);
	tp_unlock(&object->pool->lock);
}

/* How many workers the pool counts. */
static inline unsigned
workers_of(PTP_POOL pool)
{
	unsigned total;

	tp_lock(&pool->lock);
	total = pool->total;
	tp_unlock(&pool->lock);
	return total;
}

/* ---- Handles ---- */

static inline DWORD
poll(HANDLE handle)
{
	return WaitForSingleObject(handle, 0);
}

/* Objects that a scenario needs; what could not be made is NULL. */
static inline bool
all_made(unsigned count, const HANDLE *handles)
{
	for (unsigned i = 0; i < count; i++)
		if (handles[i] == NULL)
			return false;
	return true;
}

static inline void
close_all(unsigned count, const HANDLE *handles)
{
	for (unsigned i = 0; i < count; i++)
		if (handles[i] != NULL)
			ck_assert(CloseHandle(handles[i]));
}

#endif /* SCENARIO_H */
