/* plugin_guest.c - a library whose callbacks run in the pool of its host */
/* SPDX-License-Identifier: MIT */
/*
 * It is loaded by the suites (guest.h) and uses the pool that is linked
 * into them. Its callbacks may free the library that they are part of.
 */
#include <stddef.h>

#include "guest.h"

/* C has no such thing as code that runs when a library goes. */
#define AT_UNLOAD __attribute__((destructor))

guest_on_unload on_unload;
guest_count count_calls;
VOID CALLBACK visit(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work);
VOID CALLBACK visit_simply(PTP_CALLBACK_INSTANCE instance, PVOID context);
DWORD WINAPI visit_as_item(PVOID context);

static guest_farewell say_farewell;	/* NULL: nobody wants to know */
static void *host;
static int calls;

void
on_unload(guest_farewell farewell, void *argument)
{
	say_farewell = farewell;
	host = argument;
}

AT_UNLOAD static void
leave(void)
{
	if (say_farewell != NULL)
		say_farewell(host);
}

int
count_calls(void)
{
	return ++calls;
}

VOID CALLBACK
visit_simply(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	struct guest_visit *guest = context;

	if (guest->module != NULL)
		FreeLibraryWhenCallbackReturns(instance, guest->module);
	if (guest->event != NULL)
		SetEventWhenCallbackReturns(instance, guest->event);
	if (guest->during != NULL)
		guest->during(guest);
	guest->left = TRUE;
}

VOID CALLBACK
visit(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct guest_visit *guest = context;

	if (guest->close)
		CloseThreadpoolWork(work);
	visit_simply(instance, context);
}

/* A work item gets no instance, and so can ask for nothing at its end. */
DWORD WINAPI
visit_as_item(PVOID context)
{
	struct guest_visit *guest = context;

	if (guest->during != NULL)
		guest->during(guest);
	guest->left = TRUE;
	return 0;
}
