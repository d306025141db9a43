/* dispatch.h - what the dispatcher and the due times know of each other */
/* SPDX-License-Identifier: MIT */
#ifndef DISPATCH_H
#define DISPATCH_H

#include "trigger.h"

/* due.c */
bool tp_due_serve_locked(tp_time now, tp_time wall);
tp_time tp_due_next_look_locked(tp_time now, tp_time wall);

/* dispatch.c */
void tp_dispatcher_wake_locked(void);

#endif /* DISPATCH_H */
