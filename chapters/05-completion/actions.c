/* SPDX-License-Identifier: MIT */
/*
 * actions.c - four kinds of actions, asked for by one callback
 */
#include "must.h"

static CRITICAL_SECTION section;
static HANDLE mutex, semaphore, event;

static VOID CALLBACK
ask_for_all(PTP_CALLBACK_INSTANCE instance, PVOID unused)
{
	(void)unused;
	EnterCriticalSection(&section);
	await(mutex);
	SetEventWhenCallbackReturns(instance, event);
	ReleaseSemaphoreWhenCallbackReturns(instance, semaphore, 3);
	ReleaseMutexWhenCallbackReturns(instance, mutex);
	LeaveCriticalSectionWhenCallbackReturns(instance, &section);
	must(!is_set(event) && !is_set(semaphore), "nothing is done yet");
}

int
main(void)
{
	int count = 1;

	InitializeCriticalSection(&section);
	mutex = CreateMutex(NULL, FALSE, NULL);
	semaphore = CreateSemaphore(NULL, 0, 10, NULL);
	must(mutex != NULL && semaphore != NULL, "mutex and semaphore");
	event = new_event();
	call(ask_for_all, NULL);
	await(event);
	puts("the event is set");
	await(semaphore);
	while (is_set(semaphore))
		count++;
	printf("the semaphore's count was %d\n", count);
	await(mutex);
	ReleaseMutex(mutex);
	EnterCriticalSection(&section);
	LeaveCriticalSection(&section);
	puts("mutex and section are free");
	return 0;
}
