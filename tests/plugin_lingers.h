/* plugin_lingers.h - between plugin_lingers.c and who loads it */
/* SPDX-License-Identifier: MIT */
#ifndef PLUGIN_LINGERS_H
#define PLUGIN_LINGERS_H

#include "threadpool.h"

struct lingering {
	HANDLE running;		/* set by the callback when it has begun */
	HANDLE go_on;		/* what it waits for then */
};

VOID CALLBACK linger(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work);

#endif /* PLUGIN_LINGERS_H */
