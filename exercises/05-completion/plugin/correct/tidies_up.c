/* tidies_up.c - right: a last callback waits for those of the walls */
/* SPDX-License-Identifier: MIT */
/*
 * It has a second reference. The first one is paint_house's, which gives it
 * back; the second one lasts until nobody is left but this callback. It is
 * posted when all walls are painted: before, it would take a thread.
 */
#include <stdlib.h>

#include "painters.h"

struct job {
	struct order order;	/* a copy; read-only once it has begun */
	PTP_WORK walls;		/* posted once for each wall */
	PTP_WORK end;		/* posted after them */

	/* Interlocked only. */
	LONG begun;
	LONG unfinished;
};

static VOID CALLBACK
paint_one(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct job *job = context;
	const struct order *order = &job->order;

	(void)instance;
	(void)work;
	order->paint(order->house, InterlockedIncrement(&job->begun) - 1);
	if (InterlockedDecrement(&job->unfinished) == 0)
		SubmitThreadpoolWork(job->end);
}

static VOID CALLBACK
tidy_up(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct job *job = context;
	const struct order *order = &job->order;

	FreeLibraryWhenCallbackReturns(instance, order->plugin);
	WaitForThreadpoolWorkCallbacks(job->walls, FALSE);
	CloseThreadpoolWork(job->walls);
	CloseThreadpoolWork(work);
	order->finished(order->house, TRUE);
	free(job);
}

static void
make_objects(struct job *job)
{
	TP_CALLBACK_ENVIRON environment;

	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, job->order.pool);
	job->walls = CreateThreadpoolWork(paint_one, job, &environment);
	job->end = CreateThreadpoolWork(tidy_up, job, &environment);
	DestroyThreadpoolEnvironment(&environment);
}

/* All that needs memory. NULL: there is none. */
static struct job *
prepare(const struct order *order)
{
	struct job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		return NULL;
	job->order = *order;
	job->unfinished = order->walls;
	make_objects(job);
	if (job->walls != NULL && job->end != NULL &&
	    LoadLibrary(PAINTERS) != NULL)
		return job;
	if (job->walls != NULL)
		CloseThreadpoolWork(job->walls);
	if (job->end != NULL)
		CloseThreadpoolWork(job->end);
	free(job);
	return NULL;
}

/* From the last post on, the job may be gone at any time. */
static void
begin(PTP_WORK work, LONG walls)
{
	while (walls-- > 0)
		SubmitThreadpoolWork(work);
}

VOID CALLBACK
paint_house(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	const struct order *order = context;
	struct job *job = prepare(order);

	FreeLibraryWhenCallbackReturns(instance, order->plugin);
	if (job == NULL) {
		order->finished(order->house, FALSE);
		return;
	}
	begin(job->walls, order->walls);
}
