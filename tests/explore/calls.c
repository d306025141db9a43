/* calls.c - which calls each thread is in, so that an access can be told */
/* SPDX-License-Identifier: MIT */
/*
 * When two accesses race, the earlier one is long past: its stack is gone.
 * To tell all the same how the program came there, functions say when they
 * are entered and left (__tsan_func_entry), and each thread has a place in a
 * tree of calls: a node is a call site, its parent the call in which that
 * call was made. A node is made once however often it is entered, so that
 * entering is a step down the tree, and remembering a whole stack with each
 * access costs one pointer.
 *
 * Leaving by longjmp is not seen: then stacks are told wrong, nothing else.
 *
 * Interface: xp_call_enter, xp_call_leave, xp_call_now, xp_call_frames.
 */
#include "shadow.h"

struct xp_call {
	struct xp_call *parent;		/* NULL: a thread's outermost */
	struct xp_call *child;		/* any; the others are its siblings */
	struct xp_call *sibling;
	uintptr_t place;		/* return address */
};

static struct xp_call *now[XP_THREADS];		/* NULL: in none */
static struct xp_call *outermost;

/* The thread enters a function that was called from there. */
void
xp_call_enter(uintptr_t caller)
{
	struct xp_call *parent = now[xp_self->number], *call;
	struct xp_call **children = parent == NULL ? &outermost :
		&parent->child;

	for (call = *children; call != NULL; call = call->sibling)
		if (call->place == caller)
			break;
	if (call == NULL) {
		call = xp_space(sizeof(*call));
		call->parent = parent;
		call->place = caller;
		call->sibling = *children;
		*children = call;
	}
	now[xp_self->number] = call;
}

void
xp_call_leave(void)
{
	struct xp_call *call = now[xp_self->number];

	if (call != NULL)
		now[xp_self->number] = call->parent;
}

const struct xp_call *
xp_call_now(void)
{
	return now[xp_self->number];
}

/* The stack of an access, innermost first; without the explorer's call. */
void
xp_call_frames(uintptr_t frames[XP_FRAMES], uintptr_t place,
	const struct xp_call *call)
{
	unsigned n = 0;

	frames[n++] = place;
	for (; call != NULL && call->parent != NULL && n < XP_FRAMES;
	    call = call->parent)
		frames[n++] = call->place;
	while (n < XP_FRAMES)
		frames[n++] = 0;
}
