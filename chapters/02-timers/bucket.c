/* SPDX-License-Identifier: MIT */
/*
 * bucket.c - a rate limiter: three at once, and then one every 50 ms
 *
 * The bucket is a semaphore whose count is the tokens in it. The timer puts
 * one in every 50 ms; what does not fit is lost.
 */
#include "must.h"

enum { CAPACITY = 3, INTERVAL = 50 };

static HANDLE bucket;

static VOID CALLBACK
put_token(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance, (void)context, (void)timer;
	if (!ReleaseSemaphore(bucket, 1, NULL))
		must(GetLastError() == ERROR_TOO_MANY_POSTS, "full");
}

/* Sends that many requests, each as soon as there is a token for it. */
static void
send_all(int requests)
{
	int at_once = 0;

	for (int i = 0; i < requests; i++) {
		if (WaitForSingleObject(bucket, 0) == WAIT_OBJECT_0)
			at_once++;
		else
			await(bucket);
	}
	printf("of %d requests, %d went at once\n", requests, at_once);
}

int
main(void)
{
	PTP_TIMER timer = new_timer(put_token, NULL);
	FILETIME due = in_ms(INTERVAL);

	bucket = CreateSemaphore(NULL, CAPACITY, CAPACITY, NULL);
	must(bucket != NULL, "CreateSemaphore");
	SetThreadpoolTimer(timer, &due, INTERVAL, 0);
	send_all(5);
	Sleep(5 * INTERVAL + INTERVAL / 2);	/* the bucket fills up */
	send_all(4);
	finish(timer);
	CloseHandle(bucket);
	return 0;
}
