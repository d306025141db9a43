/* SPDX-License-Identifier: MIT */
/*
 * keeps_signal.c - a callback that leaves a signal blocked no more
 *
 * explore: must=misuse brief
 */
#include "must.h"

#ifdef _WIN32
int
main(void)
{
	puts("not on Windows: threads have no signal masks there");
	return 0;
}
#else
#include <signal.h>

static VOID CALLBACK
listen(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	sigset_t interrupt;

	(void)instance, (void)context, (void)work;
	sigemptyset(&interrupt);
	sigaddset(&interrupt, SIGINT);
	pthread_sigmask(SIG_UNBLOCK, &interrupt, NULL);
}

int
main(void)
{
	PTP_WORK work = new_work(listen, NULL, NULL);

	SubmitThreadpoolWork(work);
	finish(work);
	return 0;
}
#endif
