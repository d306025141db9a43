/* SPDX-License-Identifier: MIT */
/*
 * after_return.c - last_line.c, with an event that the pool sets
 *
 * explore: runs=2000
 */
#include "must.h"

struct job {
	void (*run)(PTP_CALLBACK_INSTANCE instance, struct job *job);
	HANDLE finished;
	int number, square;
};

/* One of many kinds of jobs. */
static void
compute(PTP_CALLBACK_INSTANCE instance, struct job *job)
{
	SetEventWhenCallbackReturns(instance, job->finished);
	job->square = job->number * job->number;
}

/* For jobs of all kinds. */
static VOID CALLBACK
run_job(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct job *job = context;

	job->run(instance, job);
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
	return 0;
}
