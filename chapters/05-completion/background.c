/* SPDX-License-Identifier: MIT */
/*
 * background.c - a callback for whose second half nobody waits but its group
 *
 * A document is saved; then, when nobody is kept waiting any more, it is
 * copied to another disk.
 */
#include "must.h"

struct document {
	BOOL saved, copied;
	HANDLE may_copy;
};

static VOID CALLBACK
save(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct document *document = context;

	(void)work;
	Sleep(20);
	document->saved = TRUE;
	DisassociateCurrentThreadFromCallback(instance);
	await(document->may_copy);
	Sleep(30);
	document->copied = TRUE;
}

int
main(void)
{
	static struct document document;
	TP_CALLBACK_ENVIRON environment;
	PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
	PTP_WORK work;

	must(group != NULL, "CreateThreadpoolCleanupGroup");
	document.may_copy = new_event();
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackCleanupGroup(&environment, group, NULL);
	work = new_work(save, &document, &environment);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	must(document.saved, "it is saved");
	puts("main: saved, and it is not copied yet");
	SetEvent(document.may_copy);
	CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
	must(document.copied, "it is copied");
	puts("main: copied");
	CloseThreadpoolCleanupGroup(group);
	CloseHandle(document.may_copy);
	return 0;
}
