/* SPDX-License-Identifier: MIT */
/*
 * abandoned.c - a thread ends with a mutex in its hands
 */
#include "must.h"

static HANDLE mutex;

static DWORD WINAPI
take_and_leave(PVOID context)
{
	(void)context;
	await(mutex);
	return 0;
}

static void
take(const char *when)
{
	DWORD result = WaitForSingleObject(mutex, INFINITE);

	printf("%s: %s\n", when,
		result == WAIT_ABANDONED_0 ? "WAIT_ABANDONED_0" :
		result == WAIT_OBJECT_0 ? "WAIT_OBJECT_0" : "something else");
	must(ReleaseMutex(mutex), "whoever has waited owns it");
}

int
main(void)
{
	HANDLE thread;

	mutex = CreateMutex(NULL, FALSE, NULL);
	must(mutex != NULL, "CreateMutex");
	thread = CreateThread(NULL, 0, take_and_leave, NULL, 0, NULL);
	must(thread != NULL, "CreateThread");
	await(thread);
	CloseHandle(thread);
	take("after its owner's end");
	take("once more");
	CloseHandle(mutex);
	return 0;
}
