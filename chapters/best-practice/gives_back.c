/* SPDX-License-Identifier: MIT */
/*
 * gives_back.c - the same, whichever way the callback returns
 */
#include "must.h"

static HANDLE mutex;
static int balance = 10;

static VOID CALLBACK
withdraw(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)context, (void)work;
	must(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0, "wait");
	ReleaseMutexWhenCallbackReturns(instance, mutex);
	if (balance < 15)
		return;
	balance -= 15;
}

int
main(void)
{
	PTP_WORK work = new_work(withdraw, NULL, NULL);

	mutex = CreateMutex(NULL, FALSE, NULL);
	must(mutex != NULL, "CreateMutex");
	SubmitThreadpoolWork(work);
	finish(work);
	must(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0, "it is free");
	printf("the mutex is free, and there are still %d\n", balance);
	ReleaseMutex(mutex);
	CloseHandle(mutex);
	return 0;
}
