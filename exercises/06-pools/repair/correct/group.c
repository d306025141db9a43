/* group.c - right: a simple callback for each job, and a cleanup group */
/* SPDX-License-Identifier: MIT */
/*
 * The environment lives as long as the press, and each job is an object of
 * its own. A spare object, which is never posted, has the pool make its
 * first thread when the press is opened.
 */
#include <stdlib.h>

#include "threadpool.h"

#include "press.h"

struct job {
	void (*run)(void *argument);
	void *argument;
};

struct press {
	PTP_POOL pool;
	PTP_CLEANUP_GROUP group;
	TP_CALLBACK_ENVIRON environment;
};

static VOID CALLBACK
run_one(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct job *job = context;

	(void)instance;
	job->run(job->argument);
	free(job);
}

static VOID CALLBACK
nothing(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)context;
	(void)work;
}

static bool
make_parts(struct press *press, unsigned threads)
{
	PTP_CALLBACK_ENVIRON environment = &press->environment;

	press->pool = CreateThreadpool(NULL);
	press->group = CreateThreadpoolCleanupGroup();
	if (press->pool == NULL || press->group == NULL)
		return false;
	SetThreadpoolThreadMaximum(press->pool, threads);
	InitializeThreadpoolEnvironment(environment);
	SetThreadpoolCallbackPool(environment, press->pool);
	SetThreadpoolCallbackCleanupGroup(environment, press->group, NULL);
	return CreateThreadpoolWork(nothing, NULL, environment) != NULL;
}

struct press *
press_open(unsigned threads)
{
	struct press *press = calloc(1, sizeof(*press));

	if (press == NULL || make_parts(press, threads))
		return press;
	if (press->group != NULL)
		CloseThreadpoolCleanupGroup(press->group);
	if (press->pool != NULL)
		CloseThreadpool(press->pool);
	free(press);
	return NULL;
}

bool
press_run(struct press *press, void (*run)(void *argument), void *argument)
{
	struct job *job = malloc(sizeof(*job));

	if (job == NULL)
		return false;
	job->run = run;
	job->argument = argument;
	if (TrySubmitThreadpoolCallback(run_one, job, &press->environment))
		return true;
	free(job);
	return false;
}

void
press_close(struct press *press)
{
	CloseThreadpoolCleanupGroupMembers(press->group, FALSE, NULL);
	CloseThreadpoolCleanupGroup(press->group);
	CloseThreadpool(press->pool);
	free(press);
}
