/* frees_it_when_filed.c - a mutant: frees the order that its caller reads */
/* SPDX-License-Identifier: MIT */
/*
 * check: the_caller_goes_on_when_the_order_is_filed
 * message: Memory is used after it was freed
 */
#include <stdlib.h>

#include "counter.h"

struct counter {
	TP_CALLBACK_ENVIRON environment;
	void (*file)(void *argument);
	CRITICAL_SECTION section;	/* held while an order is served */
	unsigned served;		/* guarded by section */
};

struct order {
	bool (*serve)(void *argument);
	HANDLE done;
	struct counter *counter;
	void *argument;
	bool served;
};

static VOID CALLBACK
take(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct order *order = context;
	struct counter *counter = order->counter;

	SetEventWhenCallbackReturns(instance, order->done);
	EnterCriticalSection(&counter->section);
	order->served = order->serve(order->argument);
	if (order->served)
		counter->served++;
	LeaveCriticalSection(&counter->section);
}

/* The finalization callback: take has returned. */
static VOID CALLBACK
file(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct order *order = context;

	(void)instance;
	if (order->served)
		order->counter->file(order->argument);
	free(order);
}

struct counter *
counter_open(PTP_POOL pool, void (*file_it)(void *argument))
{
	struct counter *counter = calloc(1, sizeof(*counter));

	if (counter == NULL)
		return NULL;
	InitializeThreadpoolEnvironment(&counter->environment);
	SetThreadpoolCallbackPool(&counter->environment, pool);
	TpSetCallbackFinalizationCallback(&counter->environment, file);
	counter->file = file_it;
	InitializeCriticalSection(&counter->section);
	return counter;
}

/* Has it run, and waits for it. */
static bool
pass_on(struct order *order)
{
	order->done = CreateEvent(NULL, TRUE, FALSE, NULL);
	if (order->done == NULL)
		return false;
	if (TrySubmitThreadpoolCallback(take, order,
		&order->counter->environment))
		WaitForSingleObject(order->done, INFINITE);
	CloseHandle(order->done);
	return order->served;
}

bool
counter_serve(struct counter *counter, bool (*serve)(void *argument),
	void *argument)
{
	struct order *order = calloc(1, sizeof(*order));
	bool served;

	if (order == NULL)
		return false;
	order->counter = counter;
	order->serve = serve;
	order->argument = argument;
	served = pass_on(order);
	return served;
}

unsigned
counter_close(struct counter *counter)
{
	unsigned served = counter->served;

	DeleteCriticalSection(&counter->section);
	DestroyThreadpoolEnvironment(&counter->environment);
	free(counter);
	return served;
}
