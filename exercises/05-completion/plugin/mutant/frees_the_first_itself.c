/* frees_the_first_itself.c - a mutant: frees the host's reference by hand */
/* SPDX-License-Identifier: MIT */
/*
 * check: it_is_unloaded_when_all_is_done
 * message: gave back the last reference, and was not at its end
 * stage: schedules
 */
#include <stdlib.h>

#include "painters.h"

struct job {
	struct order order;	/* a copy; read-only once it has begun */
	PTP_WORK work;		/* posted once for each wall */

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
	if (InterlockedDecrement(&job->unfinished) > 0)
		return;
	order->finished(order->house, TRUE);
	free(job);
}

/* All that needs memory. NULL: there is none. */
static struct job *
prepare(const struct order *order)
{
	struct job *job = calloc(1, sizeof(*job));
	TP_CALLBACK_ENVIRON environment;

	if (job == NULL)
		return NULL;
	job->order = *order;
	job->unfinished = order->walls;
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, order->pool);
	SetThreadpoolCallbackLibrary(&environment, order->plugin);
	job->work = CreateThreadpoolWork(paint_one, job, &environment);
	DestroyThreadpoolEnvironment(&environment);
	if (job->work == NULL) {
		free(job);
		return NULL;
	}
	return job;
}

/* From the first post on, the job may be gone at any time. */
static void
begin(PTP_WORK work, LONG walls)
{
	while (walls-- > 0)
		SubmitThreadpoolWork(work);
	CloseThreadpoolWork(work);
}

VOID CALLBACK
paint_house(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	const struct order *order = context;
	HMODULE plugin = order->plugin;
	struct job *job = prepare(order);

	(void)instance;
	if (job == NULL) {
		order->finished(order->house, FALSE);
		FreeLibraryWhenCallbackReturns(instance, plugin);
		return;
	}
	begin(job->work, order->walls);
	FreeLibrary(plugin);
}
