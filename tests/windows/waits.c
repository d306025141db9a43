/* waits.c - a program for Windows: registered waits on four objects */
/* SPDX-License-Identifier: MIT */
/*
 * A thread, an event and a semaphore are waited for without an end, and a
 * silent event for 20 ms; each with another flag. Then each wait is taken
 * back, in all the ways of UnregisterWaitEx but one. As workers.c, it is in
 * the manner of its time, compiled with <windows.h> and with threadpool.h,
 * and ends with status 0 if all is as it should be. That a wait times out
 * again and again it does not ask: Wine 8.0 has it do so once.
 */
#define _WIN32_WINNT 0x0501
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
	HANDLE	hObject;
	HANDLE	hWait;
	HANDLE	hReached;
	LONG	volatile nSignals;
	LONG	volatile nTimeouts;
} WATCH, *PWATCH, *LPWATCH;

VOID CALLBACK
WaitOrTimerCallback(IN PVOID lpParameter, IN BOOLEAN TimerOrWaitFired);

VOID CALLBACK
WaitOrTimerCallback(IN PVOID lpParameter, IN BOOLEAN TimerOrWaitFired)
{
	LPWATCH lpWatch = (LPWATCH)lpParameter;

	if (TimerOrWaitFired)
		InterlockedIncrement(&lpWatch->nTimeouts);
	else
		InterlockedIncrement(&lpWatch->nSignals);
	SetEvent(lpWatch->hReached);
}

static DWORD WINAPI
Worker(LPVOID lpParam)
{
	HANDLE hGo = (HANDLE)lpParam;

	WaitForSingleObject(hGo, INFINITE);
	ExitThread(7);
}

static VOID
Watch(OUT PWATCH pWatch, IN HANDLE hObject, DWORD dwMilliseconds,
	ULONG dwFlags)
{
	ZeroMemory(pWatch, sizeof(*pWatch));
	pWatch->hObject = hObject;
	pWatch->hReached = CreateEvent(NULL, FALSE, FALSE, NULL);
	if (hObject == NULL || pWatch->hReached == NULL ||
	    !RegisterWaitForSingleObject(&pWatch->hWait, hObject,
	    (WAITORTIMERCALLBACKFUNC)WaitOrTimerCallback, (PVOID)pWatch,
	    dwMilliseconds, dwFlags)) {
		fprintf(stderr, "RegisterWaitForSingleObject: error %lu\n",
			(unsigned long)GetLastError());
		exit(1);
	}
}

/* How many signals there were, once nothing can come any more. */
static LONG
Unwatch(IN PWATCH pWatch, IN HANDLE hCompletion)
{
	if (!UnregisterWaitEx(pWatch->hWait, hCompletion) &&
	    GetLastError() != ERROR_IO_PENDING) {
		fprintf(stderr, "UnregisterWaitEx: error %lu\n",
			(unsigned long)GetLastError());
		exit(2);
	}
	if (hCompletion != INVALID_HANDLE_VALUE)
		WaitForSingleObject(hCompletion, INFINITE);
	CloseHandle(pWatch->hReached);
	CloseHandle(pWatch->hObject);
	return pWatch->nSignals;
}

int
main(void)
{
	WATCH thread, event, silent, slots;
	HANDLE hGo = CreateEvent(NULL, TRUE, FALSE, NULL);
	HANDLE hGone = CreateEvent(NULL, TRUE, FALSE, TEXT("Local\\gone"));
	HANDLE both[2];
	DWORD dwThreadId, dwExit;
	LONG lPrevious;
	int i, nBad = 0;

	Watch(&thread, CreateThread(NULL, 0, Worker, (LPVOID)hGo, 0,
		&dwThreadId), INFINITE, WT_EXECUTEONLYONCE);
	Watch(&event, CreateEvent(NULL, FALSE, FALSE, NULL), INFINITE,
		WT_EXECUTEINWAITTHREAD);
	Watch(&silent, CreateEvent(NULL, FALSE, FALSE, NULL), 20,
		WT_EXECUTEDEFAULT | WT_EXECUTELONGFUNCTION);
	Watch(&slots, CreateSemaphore(NULL, 0, 10, NULL), INFINITE,
		WT_EXECUTEINIOTHREAD);

	SetEvent(hGo);
	both[0] = thread.hObject;
	both[1] = thread.hReached;
	WaitForMultipleObjects(ARRAYSIZE(both), both, TRUE, INFINITE);
	nBad += !GetExitCodeThread(thread.hObject, &dwExit) || dwExit != 7;
	for (i = 0; i < 3; i++) {
		SetEvent(event.hObject);
		WaitForSingleObject(event.hReached, INFINITE);
		ReleaseSemaphore(slots.hObject, 1, &lPrevious);
		WaitForSingleObject(slots.hReached, INFINITE);
	}
	WaitForSingleObject(silent.hReached, INFINITE);

	nBad += Unwatch(&thread, INVALID_HANDLE_VALUE) != 1;
	nBad += Unwatch(&event, hGone) != 3;
	nBad += Unwatch(&silent, INVALID_HANDLE_VALUE) != 0;
	nBad += Unwatch(&slots, INVALID_HANDLE_VALUE) != 3;
	nBad += silent.nTimeouts < 1 || slots.nTimeouts != 0;
	nBad += UnregisterWait(NULL) || GetLastError() != ERROR_INVALID_HANDLE;
	CloseHandle(hGo);
	CloseHandle(hGone);
	return nBad;
}
