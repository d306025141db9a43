/* SPDX-License-Identifier: MIT */
/*
 * gates_pool.c - the same ten gates, and nobody who waits at them
 */
#include "must.h"

enum { GATES = 10 };

struct gate {
	HANDLE car;		/* auto-reset: a car stands here */
	PTP_WAIT wait;
	int opened;		/* written by this gate's callback, */
	DWORD thread;		/* and on which thread it ran */
};

static struct gate gates[GATES];
static HANDLE done;		/* semaphore: gates that were opened */

static VOID CALLBACK
open_gate(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct gate *gate = context;

	(void)instance, (void)wait;
	must(result == WAIT_OBJECT_0, "a car");
	gate->opened++;
	gate->thread = GetCurrentThreadId();
	ReleaseSemaphore(done, 1, NULL);
}

int
main(void)
{
	TP_CALLBACK_ENVIRON environment;
	PTP_POOL pool = one_thread(&environment);
	int threads = 0;

	done = new_semaphore();
	for (int i = 0; i < GATES; i++) {
		gates[i].car = new_event(FALSE);
		gates[i].wait = new_wait(open_gate, &gates[i],
			&environment);
		SetThreadpoolWait(gates[i].wait, gates[i].car, NULL);
	}
	for (int i = 0; i < GATES; i++)
		SetEvent(gates[i].car);
	for (int i = 0; i < GATES; i++)
		await(done);
	for (int i = 0; i < GATES; i++) {
		end(gates[i].wait);
		CloseHandle(gates[i].car);
		must(gates[i].opened == 1, "one car at each gate");
		threads += i == 0 || gates[i].thread != gates[0].thread;
	}
	CloseThreadpool(pool);
	printf("%d cars let in\n", GATES);
	printf("threads that opened a gate: %d\n", threads);
	return 0;
}
