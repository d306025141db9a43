/* SPDX-License-Identifier: MIT */
/*
 * close_inside.c - a task that is started and forgotten
 *
 * main keeps no pointer to the task. Its last stage closes the work object
 * that runs it, and frees the task; the event tells main that there is
 * nothing left to wait for.
 */
#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

struct task {
	int stage;
	HANDLE finished;	/* main's; outlives the task */
};

/* Ends the program unless ok. what: the call or promise that failed. */
static void
must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "failed: %s\n", what);
	exit(1);
}

static VOID CALLBACK
run_stage(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct task *task = context;
	HANDLE finished = task->finished;

	(void)instance;
	printf("task: stage %d\n", ++task->stage);
	if (task->stage < 3) {
		SubmitThreadpoolWork(work);
		return;
	}
	CloseThreadpoolWork(work);	/* returns, though we are running */
	puts("task: closed by its own callback");
	free(task);
	SetEvent(finished);
}

/* Starts a task; finished: set at its end. FALSE: there is no memory. */
static BOOL
start_task(HANDLE finished)
{
	struct task *task = calloc(1, sizeof(*task));
	PTP_WORK work = NULL;

	if (task != NULL) {
		task->finished = finished;
		work = CreateThreadpoolWork(run_stage, task, NULL);
	}
	if (work == NULL) {
		free(task);
		return FALSE;
	}
	SubmitThreadpoolWork(work);
	return TRUE;
}

int
main(void)
{
	HANDLE finished = CreateEvent(NULL, TRUE, FALSE, NULL);

	must(finished != NULL, "CreateEvent");
	must(start_task(finished), "start_task");
	must(WaitForSingleObject(finished, INFINITE) == WAIT_OBJECT_0,
		"WaitForSingleObject");
	CloseHandle(finished);
	puts("main: the task is over");
	return 0;
}
