/* SPDX-License-Identifier: MIT */
/*
 * plugin_patient.c - has it said that it has finished, when it is gone
 *
 * Loaded by unmap_after.c.
 */
#include "plugin.h"

VOID CALLBACK patient(PTP_CALLBACK_INSTANCE instance, PVOID finished);

static int visits;

VOID CALLBACK
patient(PTP_CALLBACK_INSTANCE instance, PVOID finished)
{
	visits++;
	SetEventWhenCallbackReturns(instance, finished);
	visits--;
}
