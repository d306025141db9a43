/* SPDX-License-Identifier: MIT */
/*
 * version_1.c - an environment as a program for Windows Vista makes it
 *
 * The structure ended before the priority then. What lies behind it, in the
 * memory of such a program, is anything. As a priority it would be refused.
 */
#include <stddef.h>

#include "must.h"

static LONG runs;		/* Interlocked only */

static VOID CALLBACK
count(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	InterlockedIncrement(&runs);
}

int
main(void)
{
	TP_CALLBACK_ENVIRON vista, today;
	PTP_WORK work;

	memset(&vista, 0xFF, sizeof(vista));
	memset(&vista, 0, offsetof(TP_CALLBACK_ENVIRON, CallbackPriority));
	vista.Version = 1;
	work = new_work(count, NULL, &vista);
	SubmitThreadpoolWork(work);
	finish(work);
	must(runs == 1, "it has run");
	puts("version 1: accepted; what lies behind it is not read");
	InitializeThreadpoolEnvironment(&today);
	must(today.Version == 3 && today.Size == sizeof(today),
		"version 3");
	SetThreadpoolCallbackPriority(&today, TP_CALLBACK_PRIORITY_INVALID);
	must(CreateThreadpoolWork(count, NULL, &today) == NULL &&
		GetLastError() == ERROR_INVALID_PARAMETER, "refused");
	puts("version 3: a priority that does not exist is refused");
	return 0;
}
