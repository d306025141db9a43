/* SPDX-License-Identifier: MIT */
/*
 * one_step.c - a reply and a time-out at the same moment, twice
 *
 * Each wait is set with a time-out of 20 ms, and the reply is sent after
 * 20 ms. Which of the two comes first is luck; that it is one of them, and
 * that nothing is lost, is not.
 *
 * explore: runs=2000
 */
#include "must.h"

enum { ROUNDS = 2 };

static HANDLE reply, told;	/* auto-reset events */
static LONG results[2];		/* Interlocked only: signals, time-outs */

static DWORD WINAPI
answer_later(PVOID context)
{
	(void)context;
	Sleep(20);
	SetEvent(reply);
	return 0;
}

static VOID CALLBACK
count(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance, (void)context, (void)wait;
	InterlockedIncrement(&results[result == WAIT_TIMEOUT]);
	SetEvent(told);
}

int
main(void)
{
	PTP_WAIT wait = new_wait(count, NULL, NULL);
	LONG unused = 0;

	reply = new_event(FALSE);
	told = new_event(FALSE);
	for (int i = 0; i < ROUNDS; i++) {
		FILETIME timeout = from_now(20);
		HANDLE thread = CreateThread(NULL, 0, answer_later, NULL, 0,
			NULL);

		must(thread != NULL, "CreateThread");
		SetThreadpoolWait(wait, reply, &timeout);
		await(thread);
		await(told);
		unused += WaitForSingleObject(reply, 0) == WAIT_OBJECT_0;
		CloseHandle(thread);
	}
	end(wait);
	must(results[0] + results[1] == ROUNDS, "one callback a round");
	must(results[1] == unused, "a time-out takes no reply");
	CloseHandle(reply);
	CloseHandle(told);
	puts("one callback for each wait, no reply lost");
	return 0;
}
