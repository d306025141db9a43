/* scene.h - what the suites of work objects have in common */
/* SPDX-License-Identifier: MIT */
/*
 * Most tests of work objects are a scene: a private pool, one work object
 * whose callbacks wait at a gate, and a tally of those that have started and
 * of those that have finished. With one thread, a closed gate keeps
 * everything else that is posted in the queue.
 *
 * Where a gate must not open before a wait has really begun, a test looks
 * into the object for the waiter or for its posts (looking inside, below).
 */
#ifndef SCENE_H
#define SCENE_H

#include "posts.h"

#include "../ref/pool.h"

/* ---- Looking inside ---- */

/* A work object begins with the callback object that the engine counts. */
static inline bool
has_waiter(void *work)
{
	struct tp_object *object = work;
	bool found;

	tp_lock(&object->pool->lock);
	found = !tp_list_empty(&object->waiters) || object->idler != NULL;
	tp_unlock(&object->pool->lock);
	return found;
}

/* ---- Scenes ---- */

struct scene {
	struct private_pool private;
	PTP_WORK work;
	struct gate gate;
	struct tally started, finished;
};

#define SCENE_INIT { .gate = GATE_INIT, .started = TALLY_INIT, \
	.finished = TALLY_INIT }

static inline VOID CALLBACK
pass_gate(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct scene *scene = context;

	(void)instance;
	(void)work;
	tally_add(&scene->started);
	gate_wait(&scene->gate);
	tally_add(&scene->finished);
}

/* A pool of exactly so many threads, and work that waits at the gate. */
static inline void
scene_open(struct scene *scene, DWORD threads)
{
	private_pool_open(&scene->private, threads, threads);
	scene->work = CreateThreadpoolWork(pass_gate, scene,
		&scene->private.environ);
	ck_assert_ptr_nonnull(scene->work);
}

/* Waits for what is left of the work, and closes work and pool. */
static inline void
scene_close(struct scene *scene)
{
	WaitForThreadpoolWorkCallbacks(scene->work, FALSE);
	CloseThreadpoolWork(scene->work);
	private_pool_close(&scene->private);
}

/* Work in the scene's pool that adds to a tally. */
static inline PTP_WORK
counting_work(struct scene *scene, struct tally *tally)
{
	PTP_WORK work = CreateThreadpoolWork(count_work, tally,
		&scene->private.environ);

	ck_assert_ptr_nonnull(work);
	return work;
}

/* ---- Work that submits itself ---- */

struct resubmit {
	unsigned long until;
	struct tally runs;
};

static inline VOID CALLBACK
submit_again(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct resubmit *resubmit = context;

	(void)instance;
	if (tally_add(&resubmit->runs) < resubmit->until)
		SubmitThreadpoolWork(work);
}

/* ---- Threads ---- */

/* A thread of the test's own that waits for a work object. */
struct waiter {
	pthread_t thread;
	PTP_WORK work;
	BOOL cancel;
	struct tally *finished;		/* what it finds there on return: */
	unsigned long seen;
};

static inline void *
wait_for_work(void *argument)
{
	struct waiter *waiter = argument;

	WaitForThreadpoolWorkCallbacks(waiter->work, waiter->cancel);
	if (waiter->finished != NULL)
		waiter->seen = tally_read(waiter->finished);
	return NULL;
}

static inline void
start(pthread_t *thread, void *(*body)(void *), void *argument)
{
	ck_assert_int_eq(pthread_create(thread, NULL, body, argument), 0);
}

static inline void
join(pthread_t thread)
{
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
}

#endif /* SCENE_H */
