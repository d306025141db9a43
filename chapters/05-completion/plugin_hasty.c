/* SPDX-License-Identifier: MIT */
/*
 * plugin_hasty.c - says that it has finished, and is still there
 *
 * Loaded by unmapped.c.
 */
#include "plugin.h"

VOID CALLBACK hasty(PTP_CALLBACK_INSTANCE instance, PVOID finished);

static int visits;

VOID CALLBACK
hasty(PTP_CALLBACK_INSTANCE instance, PVOID finished)
{
	(void)instance;
	visits++;
	SetEvent(finished);
	visits--;
}
