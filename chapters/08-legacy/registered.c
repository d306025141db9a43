/* SPDX-License-Identifier: MIT */
/*
 * registered.c - a registered wait: signals, time-outs, once, three ends
 */
#include "must.h"

static HANDLE called;		/* semaphore: callbacks */
static LONG signals, timeouts;	/* Interlocked only */

static VOID CALLBACK
count(PVOID context, BOOLEAN timed_out)
{
	(void)context;
	InterlockedIncrement(timed_out ? &timeouts : &signals);
	ReleaseSemaphore(called, 1, NULL);
}

static HANDLE
register_wait(HANDLE object, WAITORTIMERCALLBACK callback, ULONG ms,
	ULONG flags)
{
	HANDLE wait = NULL;

	must(RegisterWaitForSingleObject(&wait, object, callback, NULL, ms,
		flags), "RegisterWaitForSingleObject");
	return wait;
}

/* Set once more each time: one registration is enough. */
static void
by_signals(HANDLE event)
{
	HANDLE wait = register_wait(event, count, INFINITE, 0);

	for (int i = 0; i < 3; i++) {
		SetEvent(event);
		await(called);
	}
	must(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE), "unregister");
	printf("set three times: signals %ld, time-outs %ld\n",
		(long)signals, (long)timeouts);
}

static void
by_patience(HANDLE event)
{
	HANDLE wait = register_wait(event, count, 10, 0);

	await(called);
	must(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE), "unregister");
	must(timeouts >= 1 && signals == 3, "no other reason");
	puts("never set, patience 10 ms: a time-out");
	while (is_set(called))
		;			/* perhaps there was another one */
}

static void
once(void)
{
	HANDLE permits = new_semaphore(3);
	HANDLE wait = register_wait(permits, count, INFINITE,
		WT_EXECUTEONLYONCE);
	int left = 0;

	await(called);
	printf("once, 3 permits: it still has to be unregistered: %s\n",
		told(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE)));
	must(!is_set(called), "one callback");
	while (is_set(permits))
		left++;
	printf("permits left: %d\n", left);
	CloseHandle(permits);
}

/* ---- The ends ---- */

static HANDLE may_end;		/* auto-reset event: a callback waits for it */
static HANDLE ended;		/* semaphore: such callbacks */

static VOID CALLBACK
hold(PVOID context, BOOLEAN timed_out)
{
	(void)context, (void)timed_out;
	ReleaseSemaphore(called, 1, NULL);
	await(may_end);
	ReleaseSemaphore(ended, 1, NULL);
}

static DWORD WINAPI
let_it_end(PVOID context)
{
	(void)context;
	SetEvent(may_end);
	return 0;
}

/* Registrations that were never called. */
static void
end_idle(HANDLE event, HANDLE over)
{
	HANDLE wait = register_wait(event, hold, INFINITE, 0);

	printf("idle, NULL: %s\n", told(UnregisterWaitEx(wait, NULL)));
	wait = register_wait(event, hold, INFINITE, 0);
	printf("idle, an event: %s\n", told(UnregisterWaitEx(wait, over)));
	await(over);
	wait = register_wait(event, hold, INFINITE, 0);
	printf("idle, INVALID_HANDLE_VALUE: %s\n",
		told(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE)));
}

/* A registration whose callback is under way. */
static HANDLE
start(HANDLE event)
{
	HANDLE wait = register_wait(event, hold, INFINITE, 0);

	SetEvent(event);
	await(called);
	return wait;
}

static void
end_running(HANDLE event, HANDLE over)
{
	HANDLE wait = start(event);

	printf("running, NULL: %s\n", told(UnregisterWaitEx(wait, NULL)));
	SetEvent(may_end);
	await(ended);
	wait = start(event);
	printf("running, an event: %s\n",
		told(UnregisterWaitEx(wait, over)));
	must(!is_set(over), "the callback is not over");
	SetEvent(may_end);
	await(over);
	must(is_set(ended), "the callback is over");
	wait = start(event);
	must(QueueUserWorkItem(let_it_end, NULL, 0), "QueueUserWorkItem");
	printf("running, INVALID_HANDLE_VALUE: %s\n",
		told(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE)));
	must(is_set(ended), "it has waited for the callback");
}

int
main(void)
{
	HANDLE event = new_event(FALSE), over = new_event(FALSE);

	called = new_semaphore(0);
	ended = new_semaphore(0);
	may_end = new_event(FALSE);
	by_signals(event);
	by_patience(event);
	once();
	end_idle(event, over);
	end_running(event, over);
	SetEvent(event);
	must(!is_set(called), "nobody waits for it");
	CloseHandle(event);
	CloseHandle(over);
	CloseHandle(called);
	CloseHandle(ended);
	CloseHandle(may_end);
	return 0;
}
