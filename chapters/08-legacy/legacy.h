/* legacy.h - what the modules of the legacy pool share */
/* SPDX-License-Identifier: MIT */
/*
 * A registered wait and a queue timer are callback objects that have a
 * HANDLE for a name, and three ways to end: at once, at once with an event
 * that is set when nothing of it runs any more, or when nothing does. Their
 * callbacks run where flags say (legacy.c).
 */
#ifndef LEGACY_H
#define LEGACY_H

#include "engine.h"
#include "threadpool.h"

/* The base of registered waits and queue timers. */
struct legacy {
	struct tp_object object;	/* first: it is freed as one */
	WAITORTIMERCALLBACK callback;	/* Read-only after init. */

	/* Written by whoever closes it, before that. NULL: none. */
	struct tp_waitable *over;	/* an event, in use */
};

/* What CompletionEvent asks for. */
struct legacy_ending {
	bool blocks;
	struct tp_waitable *event;	/* in use; NULL: none */
};

void legacy_environ(TP_CALLBACK_ENVIRON *environ, ULONG flags);
bool legacy_ending(struct legacy_ending *ending, HANDLE completion);
void legacy_check_wait(struct tp_object *object, const char *call);
BOOL legacy_end(struct legacy *legacy, const struct legacy_ending *ending,
	bool expects_itself);
void legacy_over(struct tp_object *object);

#endif /* LEGACY_H */
