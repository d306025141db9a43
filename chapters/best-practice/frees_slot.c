/* SPDX-License-Identifier: MIT */
/*
 * frees_slot.c - a slot that is freed while a callback uses it
 *
 * explore: must=misuse brief
 */
#include "must.h"

static DWORD slot;		/* holds each callback's own buffer */

static VOID CALLBACK
use_slot(PTP_CALLBACK_INSTANCE instance, PVOID stored, PTP_WORK work)
{
	char buffer[16];

	(void)instance, (void)work;
	TlsSetValue(slot, buffer);
	SetEvent(stored);
	Sleep(1);		/* works with what is in the slot */
	TlsSetValue(slot, NULL);
}

int
main(void)
{
	HANDLE stored = new_event();
	PTP_WORK work = new_work(use_slot, stored, NULL);

	slot = TlsAlloc();
	must(slot != TLS_OUT_OF_INDEXES, "TlsAlloc");
	SubmitThreadpoolWork(work);
	WaitForSingleObject(stored, INFINITE);
	TlsFree(slot);
	finish(work);
	CloseHandle(stored);
	return 0;
}
