/* SPDX-License-Identifier: MIT */
/*
 * unload.c - frees a plug-in when nothing of it is queued or runs
 *
 * The host counts, in code of its own, around the call of the plug-in.
 *
 * explore: runs=2000
 */
#include "plugin.h"

enum { PAGES = 3 };

/* A function of a library to be called, and who counts such calls. */
struct call {
	LPTHREAD_START_ROUTINE function;
	struct job *job;
};

static DWORD WINAPI
call_and_count(PVOID context)
{
	const struct call *call = context;
	struct job *job = call->job;

	call->function(job);
	if (InterlockedDecrement(&job->left) == 0)
		SetEvent(job->none_left);
	return 0;
}

int
main(void)
{
	static struct job job;
	HMODULE plugin = load("plugin_printer");
	struct call call = { function_of(plugin, "print_page"), &job };

	job.none_left = new_event(TRUE);
	/* [count] */
	job.left = 1;			/* main's own */
	for (int i = 0; i < PAGES; i++) {
		InterlockedIncrement(&job.left);
		queue(call_and_count, &call, 0);
	}
	if (InterlockedDecrement(&job.left) == 0)
		SetEvent(job.none_left);
	await(job.none_left);
	must(FreeLibrary(plugin), "FreeLibrary");
	/* [end] */
	printf("pages printed: %d; the plug-in is gone\n", (int)job.pages);
	return 0;
}
