/* SPDX-License-Identifier: MIT */
/*
 * last_line.c - an event that is set on the last line of a function
 *
 * The last line of the function is not the last line of the callback: there
 * is a function that has called it. main frees the job when it is told that
 * the job is finished.
 *
 * explore: must=misuse races=off fold=30
 */
#include "must.h"

struct job {
	void (*run)(struct job *job);
	HANDLE finished;
	int number, square;
};

/* One of many kinds of jobs. */
static void
compute(struct job *job)
{
	job->square = job->number * job->number;
	SetEvent(job->finished);	/* the last line */
}

/* For jobs of all kinds. */
static VOID CALLBACK
run_job(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct job *job = context;

	(void)instance;
	job->run(job);
	job->run = NULL;		/* it is not to be run again */
}

int
main(void)
{
	struct job *job = calloc(1, sizeof(*job));

	must(job != NULL, "calloc");
	*job = (struct job){ compute, new_event(), 12, 0 };
	call(run_job, job);
	await(job->finished);
	printf("main: %d\n", job->square);
	CloseHandle(job->finished);
	free(job);
	Sleep(20);
	return 0;
}
