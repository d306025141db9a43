/* SPDX-License-Identifier: MIT */
/*
 * gates_threads.c - ten gates of a car park, and a thread that waits at each
 */
#include "must.h"

enum { GATES = 10 };

struct gate {
	HANDLE car;		/* auto-reset: a car stands here */
	int opened;		/* written by this gate's thread */
};

static struct gate gates[GATES];

static DWORD WINAPI
wait_for_car(PVOID context)
{
	struct gate *gate = context;

	await(gate->car);
	gate->opened++;
	return 0;
}

int
main(void)
{
	HANDLE threads[GATES];
	int made = 0;

	for (int i = 0; i < GATES; i++) {
		gates[i].car = new_event(FALSE);
		threads[i] = CreateThread(NULL, 0, wait_for_car, &gates[i],
			0, NULL);
		must(threads[i] != NULL, "CreateThread");
		made++;
	}
	for (int i = 0; i < GATES; i++)
		SetEvent(gates[i].car);
	for (int i = 0; i < GATES; i++) {
		await(threads[i]);
		CloseHandle(threads[i]);
		CloseHandle(gates[i].car);
		must(gates[i].opened == 1, "one car at each gate");
	}
	printf("%d cars let in\n", GATES);
	printf("threads made to wait: %d\n", made);
	return 0;
}
