/* device.h - the device, for whoever runs an experiment */
/* SPDX-License-Identifier: MIT */
#ifndef DEVICE_H
#define DEVICE_H

#include "measure.h"

void device_open(const struct experiment *experiment);
void device_close(void);	/* all that was accepted has ended */

/* Called by the device: somebody may want to look on. */
void saw_start(struct request *request, bool refused);
void saw_end(struct request *request);	/* just before ended */

#endif /* DEVICE_H */
