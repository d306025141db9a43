/* workers.c - a program for Windows: work items that add up a buffer */
/* SPDX-License-Identifier: MIT */
/*
 * Written as programs for Windows of the years of the old pool are: names
 * that tell types, annotations, casts that C does not need, the last error
 * after each call, and no header but <windows.h> and the standard's. None of
 * that may be in the way of compiling it with threadpool.h instead, without
 * a warning; and it must end with status 0 here and there.
 *
 * tests/header_sdk.sh has mingw-w64 compile it as it is; tests/header.sh
 * changes that one line, links it with the pool and runs it.
 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>

#define SLICES		8
#define SLICE_BYTES	4096

typedef struct _SLICE {
	LPBYTE	pData;
	SIZE_T	cbData;
	DWORD	dwSum;
} SLICE, *PSLICE;

static CRITICAL_SECTION g_cs;
static volatile LONG g_lLeft = SLICES;
static HANDLE g_hDone = NULL;
static DWORD g_dwTotal = 0;

static VOID
ErrorExit(LPCSTR lpszFunction)
{
	fprintf(stderr, "%s failed, error %lu\n", lpszFunction,
		(unsigned long)GetLastError());
	exit(EXIT_FAILURE);
}

static DWORD WINAPI
SliceProc(_In_ LPVOID lpParameter)
{
	PSLICE pSlice = (PSLICE)lpParameter;
	SIZE_T i;

	for (i = 0; i < pSlice->cbData; i++)
		pSlice->dwSum += pSlice->pData[i];

	EnterCriticalSection(&g_cs);
	g_dwTotal += pSlice->dwSum;
	LeaveCriticalSection(&g_cs);

	if (InterlockedDecrement(&g_lLeft) == 0 && !SetEvent(g_hDone))
		ErrorExit("SetEvent");
	return 0;
}

static DWORD WINAPI
LongProc(_In_ LPVOID lpParameter)
{
	HANDLE *phEvents = (HANDLE *)lpParameter;

	if (WaitForSingleObject(phEvents[0], INFINITE) != WAIT_OBJECT_0)
		ErrorExit("WaitForSingleObject");
	SetEvent(phEvents[1]);
	return (DWORD)-1;
}

static VOID
AddUp(_Inout_ PSLICE pSlices, _In_ LPBYTE pBuffer)
{
	DWORD i;

	for (i = 0; i < SLICES; i++) {
		pSlices[i].pData = pBuffer + i * SLICE_BYTES;
		pSlices[i].cbData = SLICE_BYTES;
		if (!QueueUserWorkItem(SliceProc, (PVOID)&pSlices[i],
		    WT_EXECUTEDEFAULT))
			ErrorExit("QueueUserWorkItem");
	}
	if (WaitForSingleObject(g_hDone, INFINITE) != WAIT_OBJECT_0)
		ErrorExit("WaitForSingleObject");
}

/* An item that blocks, with a limit in its flags. */
static VOID
RunLong(VOID)
{
	HANDLE hEvents[2];
	ULONG ulFlags = WT_EXECUTELONGFUNCTION;

	hEvents[0] = CreateEventA(NULL, FALSE, FALSE, NULL);
	hEvents[1] = CreateEventW(NULL, FALSE, FALSE, NULL);
	WT_SET_MAX_THREADPOOL_THREADS(ulFlags, 600);
	if (!QueueUserWorkItem((LPTHREAD_START_ROUTINE)LongProc, hEvents,
	    ulFlags | WT_TRANSFER_IMPERSONATION))
		ErrorExit("QueueUserWorkItem");
	if (SignalObjectAndWait(hEvents[0], hEvents[1], INFINITE, FALSE) !=
	    WAIT_OBJECT_0)
		ErrorExit("SignalObjectAndWait");
	CloseHandle(hEvents[0]);
	CloseHandle(hEvents[1]);
}

int __cdecl
main(int argc, char *argv[])
{
	PSLICE pSlices;
	LPBYTE pBuffer;

	UNREFERENCED_PARAMETER(argc);
	UNREFERENCED_PARAMETER(argv);

	InitializeCriticalSection(&g_cs);
	g_hDone = CreateEvent(NULL, TRUE, FALSE, NULL);
	if (NULL == g_hDone)
		ErrorExit("CreateEvent");
	pBuffer = (LPBYTE)HeapAlloc(GetProcessHeap(), 0,
		SLICES * SLICE_BYTES);
	pSlices = (PSLICE)HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY,
		SLICES * sizeof(SLICE));
	if (!pBuffer || !pSlices)
		return 1;
	FillMemory(pBuffer, SLICES * SLICE_BYTES, 3);

	AddUp(pSlices, pBuffer);
	RunLong();

	CloseHandle(g_hDone);
	HeapFree(GetProcessHeap(), 0, (LPVOID)pSlices);
	HeapFree(GetProcessHeap(), 0, (LPVOID)pBuffer);
	DeleteCriticalSection(&g_cs);
	return g_dwTotal == 3 * SLICES * SLICE_BYTES ? 0 : 2;
}
