/* crew.h - tasks that belong together, and may end all of it themselves */
/* SPDX-License-Identifier: MIT */
#ifndef CREW_H
#define CREW_H

#include <stdbool.h>

#include "threadpool.h"

struct crew;

/*
 * Opens a crew, whose tasks run in the pool. NULL if there is no memory;
 * then done is never called.
 */
struct crew *crew_open(PTP_POOL pool, void (*done)(void *context),
	void *context);

/*
 * Has task(crew, argument) called once, on a thread of the pool; or, if the
 * crew is stopped before it has begun, dropped(argument). False: the crew
 * has been stopped, or there is no memory; then neither is called. Called by
 * tasks of the crew, and by others before the crew is stopped.
 */
bool crew_run(struct crew *crew, void (*task)(struct crew *crew,
	void *argument), void (*dropped)(void *argument), void *argument);

/*
 * Stops the crew. Tasks that have not begun are dropped, those that run go
 * on. Returns without waiting for any of them, cannot fail, and needs no
 * more memory and no more threads than there are. Either tasks call it, as
 * many as like, also at the same time; or one thread outside, once.
 *
 * When all tasks have returned, and all others have been dropped, so that
 * nothing of the crew will ever run again, done(context) is called, once, on
 * some thread. The crew is gone then.
 */
void crew_stop(struct crew *crew);

#endif /* CREW_H */
