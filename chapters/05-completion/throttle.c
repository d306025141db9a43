/* SPDX-License-Identifier: MIT */
/*
 * throttle.c - eight guests, three chairs
 *
 * A semaphore counts the chairs. main takes one for each guest, and the pool
 * gives it back when the guest's callback has returned.
 */
#include "must.h"

enum { GUESTS = 8, CHAIRS = 3 };

static HANDLE chairs;		/* semaphore: those that are free */
static LONG inside;		/* Interlocked only */
static LONG served;		/* Interlocked only */

static VOID CALLBACK
dine(PTP_CALLBACK_INSTANCE instance, PVOID unused)
{
	(void)unused;
	ReleaseSemaphoreWhenCallbackReturns(instance, chairs, 1);
	must(InterlockedIncrement(&inside) <= CHAIRS, "a chair for each");
	Sleep(20);
	InterlockedIncrement(&served);
	InterlockedDecrement(&inside);
}

int
main(void)
{
	chairs = CreateSemaphore(NULL, CHAIRS, CHAIRS, NULL);
	must(chairs != NULL, "CreateSemaphore");
	for (int i = 0; i < GUESTS; i++) {
		await(chairs);
		call(dine, NULL);
	}
	for (int i = 0; i < CHAIRS; i++)
		await(chairs);		/* all are free: all have gone */
	printf("%d guests served, never more than %d at a time\n",
		(int)served, CHAIRS);
	CloseHandle(chairs);
	return 0;
}
