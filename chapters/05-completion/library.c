/* SPDX-License-Identifier: MIT */
/*
 * library.c - a library that stays loaded as long as a work object needs it
 *
 * The host frees its own reference while three callbacks are queued. The
 * pool has one thread, so that the nights come in their order.
 *
 * explore: native
 */
#include "plugin.h"

int
main(void)
{
	static struct visit visit;
	TP_CALLBACK_ENVIRON environment;
	PTP_POOL pool = CreateThreadpool(NULL);
	PTP_WORK work;

	must(pool != NULL, "CreateThreadpool");
	SetThreadpoolThreadMaximum(pool, 1);
	visit.plugin = load("plugin_lodger");
	visit.may_end = CreateEvent(NULL, TRUE, FALSE, NULL);
	visit.gone = new_event();
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	SetThreadpoolCallbackLibrary(&environment, visit.plugin);
	work = new_work((PTP_WORK_CALLBACK)function_of(visit.plugin,
		"lodge"), &visit, &environment);
	for (int i = 0; i < 3; i++)
		SubmitThreadpoolWork(work);
	CloseThreadpoolWork(work);
	FreeLibrary(visit.plugin);
	puts("host: closed the object, freed the library");
	fflush(stdout);
	SetEvent(visit.may_end);
	await(visit.gone);
	CloseThreadpool(pool);
	puts("host: nothing of it is left");
	return 0;
}
