/* SPDX-License-Identifier: MIT */
/*
 * cron.c - a job at every full tenth of a second of the system clock
 *
 * A real one would say "every full hour"; SLOT is all that differs.
 */
#include "must.h"

#define SLOT (100 * 10000LL)	/* ticks */

enum { RUNS = 3 };

struct job {
	LONGLONG due;		/* ticks since 1601, a multiple of SLOT */
	int runs;
	HANDLE finished;
};

static LONGLONG
system_time(void)
{
	FILETIME now;

	GetSystemTimeAsFileTime(&now);
	return (LONGLONG)((ULONGLONG)now.dwHighDateTime << 32 |
		now.dwLowDateTime);
}

/* Sets the timer for the first full slot after now. */
static void
set_next(PTP_TIMER timer, struct job *job)
{
	FILETIME due;

	job->due = (system_time() / SLOT + 1) * SLOT;
	due = in_ticks(job->due);
	SetThreadpoolTimer(timer, &due, 0, 0);
}

static VOID CALLBACK
run_job(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	struct job *job = context;

	(void)instance;
	must(job->due % SLOT == 0, "a full slot");
	printf("run %d, on the dot\n", ++job->runs);
	if (job->runs < RUNS)
		set_next(timer, job);
	else
		SetEvent(job->finished);
}

int
main(void)
{
	static struct job job;
	PTP_TIMER timer = new_timer(run_job, &job);

	job.finished = new_event();
	set_next(timer, &job);
	await(job.finished);
	finish(timer);
	return 0;
}
