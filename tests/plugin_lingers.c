/* plugin_lingers.c - a library with a callback that waits to go on */
/* SPDX-License-Identifier: MIT */
/*
 * Loaded by test_misuse_early.c, which frees it too early. It uses the pool
 * of the program that loads it.
 */
#include "plugin_lingers.h"

VOID CALLBACK
linger(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct lingering *lingering = context;

	(void)instance;
	(void)work;
	SetEvent(lingering->running);
	WaitForSingleObject(lingering->go_on, INFINITE);
}
