/* timers.c - a program for Windows: a timer queue, and a file that is bound */
/* SPDX-License-Identifier: MIT */
/*
 * A timer of a queue, a periodic one of the default queue that is changed
 * before it has begun, and a file whose requests come to a callback. As
 * workers.c, it is in the manner of its time, compiled with <windows.h> and
 * with threadpool.h, and ends with status 0 if all is as it should be. It
 * writes the file that its argument names, or bound.tmp, and deletes it.
 */
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0500
#endif
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>

static HANDLE gDoneEvent;
static const char g_szText[] = "bound for the pool";

typedef struct _TICKS {
	LONG	nLeft;
	HANDLE	hEvent;
} TICKS;

typedef struct _REQUEST {
	CHAR		szText[sizeof(g_szText)];
	OVERLAPPED	Overlapped;
	HANDLE		hEvent;
	DWORD		cbMoved;
	DWORD		dwError;
} REQUEST, *PREQUEST;

static void
Require(BOOL bOk, const char *what)
{
	if (bOk)
		return;
	printf("%s failed (%lu)\n", what, (unsigned long)GetLastError());
	exit(1);
}

static VOID CALLBACK
TimerRoutine(PVOID lpParam, BOOLEAN TimerOrWaitFired)
{
	Require(lpParam != NULL && *(int *)lpParam == 123 && TimerOrWaitFired,
		"TimerRoutine");
	SetEvent(gDoneEvent);
}

static VOID CALLBACK
TickRoutine(PVOID lpParam, BOOLEAN TimerOrWaitFired)
{
	TICKS *pTicks = (TICKS *)lpParam;

	UNREFERENCED_PARAMETER(TimerOrWaitFired);
	if (InterlockedDecrement(&pTicks->nLeft) == 0)
		SetEvent(pTicks->hEvent);
}

static VOID CALLBACK
FileIOCompletionRoutine(DWORD dwErrorCode, DWORD dwNumberOfBytesTransfered,
	LPOVERLAPPED lpOverlapped)
{
	PREQUEST pRequest = CONTAINING_RECORD(lpOverlapped, REQUEST,
		Overlapped);

	pRequest->dwError = dwErrorCode;
	pRequest->cbMoved = dwNumberOfBytesTransfered;
	SetEvent(pRequest->hEvent);
}

static void
Move(HANDLE hFile, PREQUEST pRequest, BOOL bWrite)
{
	BOOL bOk;

	ZeroMemory(pRequest, sizeof(*pRequest));
	pRequest->hEvent = CreateEvent(NULL, TRUE, FALSE, NULL);
	if (bWrite)
		bOk = WriteFile(hFile, g_szText, sizeof(g_szText), NULL,
			&pRequest->Overlapped);
	else
		bOk = ReadFile(hFile, (LPVOID)pRequest->szText,
			sizeof(pRequest->szText), NULL,
			&pRequest->Overlapped);
	Require(bOk || GetLastError() == ERROR_IO_PENDING, "the request");
	WaitForSingleObject(pRequest->hEvent, INFINITE);
	CloseHandle(pRequest->hEvent);
	Require(pRequest->dwError == NO_ERROR &&
		pRequest->cbMoved == sizeof(g_szText) &&
		HasOverlappedIoCompleted(&pRequest->Overlapped), "its end");
}

static void
BoundFile(LPCSTR lpFileName)
{
	REQUEST request;
	HANDLE hFile = CreateFileA(lpFileName, GENERIC_READ | GENERIC_WRITE,
		FILE_SHARE_DELETE, NULL, CREATE_ALWAYS,
		FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OVERLAPPED, NULL);

	Require(hFile != INVALID_HANDLE_VALUE, "CreateFile");
	Require(BindIoCompletionCallback(hFile, FileIOCompletionRoutine, 0),
		"BindIoCompletionCallback");
	Require(!BindIoCompletionCallback(hFile,
		(LPOVERLAPPED_COMPLETION_ROUTINE)FileIOCompletionRoutine, 0) &&
		GetLastError() == ERROR_INVALID_PARAMETER, "once only");
	Move(hFile, &request, TRUE);
	Move(hFile, &request, FALSE);
	Require(strcmp(request.szText, g_szText) == 0, "what was read");
	CloseHandle(hFile);
	Require(DeleteFileA(lpFileName), "DeleteFile");
}

static void
Timers(void)
{
	HANDLE hTimer = NULL, hTicks, hTimerQueue = CreateTimerQueue();
	TICKS ticks = { 3, CreateEvent(NULL, TRUE, FALSE, NULL) };
	int arg = 123;

	Require(NULL != hTimerQueue, "CreateTimerQueue");
	Require(CreateTimerQueueTimer(&hTimer, hTimerQueue,
		(WAITORTIMERCALLBACK)TimerRoutine, &arg, 50, 0, 0),
		"CreateTimerQueueTimer");
	Require(WaitForSingleObject(gDoneEvent, INFINITE) == WAIT_OBJECT_0,
		"WaitForSingleObject");

	Require(CreateTimerQueueTimer(&hTicks, NULL, TickRoutine, &ticks,
		1000 * 60 * 60, 5, WT_EXECUTEINTIMERTHREAD),
		"CreateTimerQueueTimer");
	Require(ChangeTimerQueueTimer(NULL, hTicks, 10, 5),
		"ChangeTimerQueueTimer");
	WaitForSingleObject(ticks.hEvent, INFINITE);
	Require(DeleteTimerQueueTimer(NULL, hTicks, INVALID_HANDLE_VALUE),
		"DeleteTimerQueueTimer");
	CloseHandle(ticks.hEvent);

	Require(DeleteTimerQueueEx(hTimerQueue, INVALID_HANDLE_VALUE),
		"DeleteTimerQueueEx");
	Require(!DeleteTimerQueueEx(NULL, NULL) &&
		GetLastError() == ERROR_INVALID_HANDLE, "the default queue");
}

int
main(int argc, char **argv)
{
	gDoneEvent = CreateEvent(NULL, TRUE, FALSE, NULL);
	Require(NULL != gDoneEvent, "CreateEvent");
	Timers();
	BoundFile(argc > 1 ? argv[1] : "bound.tmp");
	CloseHandle(gDoneEvent);
	return 0;
}
