/* loose.h - a pool that keeps every promise, and no order */
/* SPDX-License-Identifier: MIT */
#ifndef LOOSE_H
#define LOOSE_H

#include "threadpool.h"

PTP_WORK loose_create(PTP_WORK_CALLBACK function, PVOID context,
	PTP_CALLBACK_ENVIRON environment);
void loose_submit(PTP_WORK work);
void loose_wait(PTP_WORK work);
void loose_close(PTP_WORK work);
void loose_set_event(PTP_CALLBACK_INSTANCE instance, HANDLE event);
void loose_leave(PTP_CALLBACK_INSTANCE instance, PCRITICAL_SECTION section);

#endif /* LOOSE_H */
