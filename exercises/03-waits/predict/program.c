/* program.c - a wait object, and something that signals its object */
/* SPDX-License-Identifier: MIT */
/*
 * What can be in its log? The pool has one thread, so that callbacks run one
 * after the other. What differs is in situations.h.
 */
#include <stdio.h>
#include <stdlib.h>

#include "threadpool.h"

#include "program.h"
#include "situations.h"

struct scene {
	const struct situation *situation;
	HANDLE object;
	unsigned again;
};

static void
must(BOOL ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s failed\n", what);
	exit(1);
}

static void
set_wait(struct scene *scene, PTP_WAIT wait)
{
	LONGLONG ticks = scene->situation->timeout == AT_ONCE ? 0 : -a_while;
	FILETIME time = { (DWORD)ticks, (DWORD)(ticks >> 32) };

	SetThreadpoolWait(wait, scene->object,
		scene->situation->timeout == NEVER ? NULL : &time);
}

static VOID CALLBACK
callback(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	struct scene *scene = context;

	(void)instance;
	log_word(result == WAIT_OBJECT_0 ? "signal" : "timeout");
	if (scene->again > 0) {
		scene->again--;
		set_wait(scene, wait);
	}
}

static HANDLE
create_object(enum object object)
{
	return object == SEMAPHORE ? CreateSemaphore(NULL, 0, 9, NULL) :
		CreateEvent(NULL, object == MANUAL_RESET, FALSE, NULL);
}

static void
set_object(const struct scene *scene, unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		log_word("set");
		must(scene->situation->object == SEMAPHORE ?
			ReleaseSemaphore(scene->object, 2, NULL) :
			SetEvent(scene->object), "SetEvent");
	}
}

static void
play(struct scene *scene, PTP_CALLBACK_ENVIRON environment)
{
	PTP_WAIT wait = CreateThreadpoolWait(callback, scene, environment);

	must(wait != NULL, "CreateThreadpoolWait");
	set_object(scene, scene->situation->sets_before);
	set_wait(scene, wait);
	set_object(scene, scene->situation->sets_after);
	WaitForThreadpoolWaitCallbacks(wait, FALSE);
	log_word(WaitForSingleObject(scene->object, 0) == WAIT_OBJECT_0 ?
		"left" : "taken");
	CloseThreadpoolWait(wait);
}

void
program(unsigned number)
{
	struct scene scene = { .situation = &situations[number - 1] };
	PTP_POOL pool = CreateThreadpool(NULL);
	TP_CALLBACK_ENVIRON environment;

	must(pool != NULL, "CreateThreadpool");
	SetThreadpoolThreadMaximum(pool, 1);
	must(SetThreadpoolThreadMinimum(pool, 1),
		"SetThreadpoolThreadMinimum");
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	scene.object = create_object(scene.situation->object);
	must(scene.object != NULL, "CreateEvent");
	scene.again = scene.situation->again;

	play(&scene, &environment);

	CloseHandle(scene.object);
	DestroyThreadpoolEnvironment(&environment);
	CloseThreadpool(pool);
}
