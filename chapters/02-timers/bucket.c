/* SPDX-License-Identifier: MIT */
/*
 * bucket.c - a rate limiter: three at once, and then one every 50 ms
 *
 * The bucket is a semaphore whose count is the tokens in it. It is full at
 * first. The timer puts one in every 50 ms; what does not fit is lost.
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

/* Sends so many requests at once, if there are tokens; the others wait. */
static int
send_all(int requests)
{
	int sent = 0;

	while (sent < requests &&
	    WaitForSingleObject(bucket, 0) == WAIT_OBJECT_0)
		sent++;
	printf("of %d requests, %d went at once\n", requests, sent);
	return requests - sent;
}

/* Takes a token out, puts it back, and so learns how many there are. */
static int
is_full(void)
{
	LONG others = 0;

	return WaitForSingleObject(bucket, 0) == WAIT_OBJECT_0 &&
		(!ReleaseSemaphore(bucket, 1, &others) ||
		others == CAPACITY - 1);
}

int
main(void)
{
	PTP_TIMER timer = new_timer(put_token, NULL);
	FILETIME due = in_ms(INTERVAL);
	int waiting;

	bucket = CreateSemaphore(NULL, CAPACITY, CAPACITY, NULL);
	must(bucket != NULL, "CreateSemaphore");
	waiting = send_all(5);
	SetThreadpoolTimer(timer, &due, INTERVAL, 0);
	for (; waiting > 0; waiting--)
		await(bucket);
	do
		Sleep(5 * INTERVAL + INTERVAL / 2);	/* it fills up */
	while (!is_full());
	finish(timer);
	send_all(4);
	CloseHandle(bucket);
	return 0;
}
