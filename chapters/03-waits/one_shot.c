/* SPDX-License-Identifier: MIT */
/*
 * one_shot.c - three permits, one wait that is set once, then twice more
 *
 * How many permits are left is told by ReleaseSemaphore: it returns the
 * count before. It adds one, which the next line takes back.
 */
#include "must.h"

static HANDLE permits, ran;		/* semaphores */
static LONG callbacks;			/* Interlocked only */

static VOID CALLBACK
take_permit(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance, (void)context, (void)wait;
	must(result == WAIT_OBJECT_0, "a permit");
	InterlockedIncrement(&callbacks);
	ReleaseSemaphore(ran, 1, NULL);
}

static void
tell(const char *when)
{
	LONG left;

	must(ReleaseSemaphore(permits, 1, &left), "ReleaseSemaphore");
	await(permits);
	printf("%s: callbacks %ld, permits left %ld\n", when,
		(long)callbacks, (long)left);
}

int
main(void)
{
	PTP_WAIT wait;

	permits = new_semaphore();
	ran = new_semaphore();
	wait = new_wait(take_permit, NULL, NULL);
	ReleaseSemaphore(permits, 3, NULL);
	tell("not set yet");
	SetThreadpoolWait(wait, permits, NULL);
	await(ran);
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	tell("set once");
	for (int i = 0; i < 2; i++) {
		SetThreadpoolWait(wait, permits, NULL);
		await(ran);
	}
	end(wait);
	tell("set three times");
	CloseHandle(permits);
	CloseHandle(ran);
	return 0;
}
