/* SPDX-License-Identifier: MIT */
/*
 * keeps_mutex.c - a callback that returns early, with the mutex
 *
 * explore: must=misuse brief
 */
#include "must.h"

static HANDLE mutex;
static int balance = 10;

static VOID CALLBACK
withdraw(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance, (void)context, (void)work;
	must(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0, "wait");
	if (balance < 15)
		return;
	balance -= 15;
	ReleaseMutex(mutex);
}

int
main(void)
{
	PTP_WORK work = new_work(withdraw, NULL, NULL);

	mutex = CreateMutex(NULL, FALSE, NULL);
	must(mutex != NULL, "CreateMutex");
	SubmitThreadpoolWork(work);
	finish(work);
	CloseHandle(mutex);
	return 0;
}
