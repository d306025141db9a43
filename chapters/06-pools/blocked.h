/* SPDX-License-Identifier: MIT */
/*
 * blocked.h - two callbacks block, on two processors: what about a third?
 *
 * They wait for what only the third can do. The programs seen.c, unseen.c
 * and told.c differ in how they wait, and in what the pool knows of it.
 */
#ifndef BLOCKED_H
#define BLOCKED_H

#include "must.h"

#ifdef _WIN32

static inline void
play(int unseen, int told)
{
	(void)unseen, (void)told;
	puts("not on Windows: when a thread is made is this pool's own");
}

#else
#include <unistd.h>

struct scene {
	int unseen;		/* wait by read, and not for the gate */
	HANDLE gate, both_begun;
	int pipe[2];
	LONG begun;		/* Interlocked only */
};

static VOID CALLBACK
block(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct scene *scene = context;
	char byte;

	(void)instance, (void)work;
	if (InterlockedIncrement(&scene->begun) == 2)
		SetEvent(scene->both_begun);
	if (scene->unseen)
		must(read(scene->pipe[0], &byte, 1) == 1, "read");
	else
		await(scene->gate);
}

static VOID CALLBACK
let_them_go(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct scene *scene = context;

	(void)instance, (void)work;
	SetEvent(scene->gate);
	must(write(scene->pipe[1], "12", 2) == 2, "write");
}

/* unseen: as above. told: the pool has been told that they run long. */
static inline void
play(int unseen, int told)
{
	struct scene scene = { .unseen = unseen };
	TP_CALLBACK_ENVIRON environment;
	PTP_WORK blocking, third;
	PTP_POOL pool;

	setting("TP_PROCESSORS", "2");
	setting("TP_STALL_MS", "100");
	pool = new_pool(0, 500);
	environment = leading_to(pool);
	must(pipe(scene.pipe) == 0, "pipe");
	scene.gate = new_gate();
	scene.both_begun = new_gate();
	third = new_work(let_them_go, &scene, &environment);
	if (told)
		SetThreadpoolCallbackRunsLong(&environment);
	blocking = new_work(block, &scene, &environment);
	SubmitThreadpoolWork(blocking);
	SubmitThreadpoolWork(blocking);
	await(scene.both_begun);
	SubmitThreadpoolWork(third);
	finish(third);
	finish(blocking);
	CloseThreadpool(pool);
	puts("the third has come, and let the others go");
}

#endif
#endif /* BLOCKED_H */
