/* state.h - what a callback must leave as it found it: private to the engine */
/* SPDX-License-Identifier: MIT */
/*
 * A worker is the pool's, and runs other callbacks afterwards. What one
 * changes of it, the next one finds; the pool repairs nothing (INST-29). The
 * checking build compares, and reports the callback that has left something
 * behind. Without TP_CHECK there is nothing here.
 */
#ifndef STATE_H
#define STATE_H

#include <signal.h>

#include "engine.h"

#if TP_CHECK

#define TP_AFFINITY_WORDS	(1024 / 8 / sizeof(unsigned long))

/* The state of the calling thread. */
struct tp_state {
	sigset_t signals;		/* blocked */
	int cancel;			/* cancellation: enabled or not */
	int cancel_type;		/* and when it takes place */
	int policy, priority;		/* of the scheduler */
	unsigned long processors[TP_AFFINITY_WORDS];	/* a bit for each */
	unsigned mutexes;		/* owned */
	unsigned sections;		/* critical sections entered */
	unsigned slim_locks;		/* held */
};

/* What the files that make these things say of the calling thread. */
unsigned tp_sections_entered(void);
unsigned tp_slim_locks_held(void);

/* The callback of this thread has returned: it uses no TLS slot any more. */
void tp_slots_unused(void);

void tp_state_save(struct tp_state *state);
void tp_state_check(const struct tp_state *before,
	const struct tp_object *object);

#else

struct tp_state {
	char nothing;
};

#define tp_slots_unused()		((void)0)
#define tp_state_save(state)		((void)(state))
#define tp_state_check(before, object)	((void)(object))

#endif /* TP_CHECK */

#endif /* STATE_H */
