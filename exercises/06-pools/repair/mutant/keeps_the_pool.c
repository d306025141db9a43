/* keeps_the_pool.c - a mutant: closing keeps the pool */
/* SPDX-License-Identifier: MIT */
/*
 * check: one_press_does_not_hold_up_another
 * message: left behind:
 * stage: quiescence
 */
#include <stdlib.h>

#include "threadpool.h"

#include "press.h"

struct job {
	struct job *next;
	void (*run)(void *argument);
	void *argument;
};

struct press {
	PTP_POOL pool;
	PTP_WORK work;
	CRITICAL_SECTION lock;
	struct job *first, **last;	/* guarded by lock */
};

/* One post, one job: the oldest. */
static VOID CALLBACK
run_one(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct press *press = context;
	struct job *job;

	(void)instance;
	(void)work;
	EnterCriticalSection(&press->lock);
	job = press->first;
	press->first = job->next;
	if (press->first == NULL)
		press->last = &press->first;
	LeaveCriticalSection(&press->lock);
	job->run(job->argument);
	free(job);
}

static bool
make_work(struct press *press, unsigned threads)
{
	TP_CALLBACK_ENVIRON environment;

	InitializeThreadpoolEnvironment(&environment);
	press->pool = CreateThreadpool(NULL);
	if (press->pool == NULL)
		return false;
	SetThreadpoolThreadMaximum(press->pool, threads);
	SetThreadpoolCallbackPool(&environment, press->pool);
	press->work = CreateThreadpoolWork(run_one, press, &environment);
	DestroyThreadpoolEnvironment(&environment);
	if (press->work == NULL) {
		CloseThreadpool(press->pool);
		return false;
	}
	return true;
}

struct press *
press_open(unsigned threads)
{
	struct press *press = malloc(sizeof(*press));

	if (press == NULL)
		return NULL;
	if (!make_work(press, threads)) {
		free(press);
		return NULL;
	}
	press->first = NULL;
	press->last = &press->first;
	InitializeCriticalSection(&press->lock);
	return press;
}

bool
press_run(struct press *press, void (*run)(void *argument), void *argument)
{
	struct job *job = malloc(sizeof(*job));

	if (job == NULL)
		return false;
	job->next = NULL;
	job->run = run;
	job->argument = argument;
	EnterCriticalSection(&press->lock);
	*press->last = job;
	press->last = &job->next;
	LeaveCriticalSection(&press->lock);
	SubmitThreadpoolWork(press->work);
	return true;
}

void
press_close(struct press *press)
{
	WaitForThreadpoolWorkCallbacks(press->work, FALSE);
	CloseThreadpoolWork(press->work);
	DeleteCriticalSection(&press->lock);
	free(press);
}
