/* leftovers.c - what a program leaves behind when it ends */
/* SPDX-License-Identifier: MIT */
/*
 * When main returns, every thread that still has something to do may do it:
 * time moves on until nothing but what may stay is left, or the time limit
 * has come. Then threads, memory and descriptors are compared with what
 * there was when main began.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "inner.h"
#include "open_below.h"

#define DESCRIPTORS 256		/* looked at */
#define LOOKS 20		/* 1 ms, 2 ms, 4 ms, ... */

int __wrap_nanosleep(const struct timespec *time, struct timespec *rest);

static unsigned descriptors_before;

/* Is the name, or how it begins, in the list of those that may stay? */
static bool
may_stay(const char *name)
{
	const char *list = xp_plan->allow;

	while (list != NULL && *list != '\0') {
		size_t length = strcspn(list, ",");

		if (length > 0 && strncmp(name, list, length) == 0)
			return true;
		list += length + (list[length] == ',');
	}
	return false;
}

static const struct xp_thread *
thread_left(void)
{
	for (unsigned i = 0; i < xp_thread_count; i++)
		if (&xp_threads[i] != xp_self && !xp_threads[i].ended &&
		    !may_stay(xp_threads[i].name))
			return &xp_threads[i];
	return NULL;
}

static void
await_ends(void)
{
	struct timespec pause = { 0, 0 };
	long milliseconds = 1;

	explore_await_still();
	for (int looks = 0; looks < LOOKS && thread_left() != NULL; looks++) {
		pause.tv_sec = milliseconds / 1000;
		pause.tv_nsec = milliseconds % 1000 * 1000000;
		(void)__wrap_nanosleep(&pause, NULL);
		explore_await_still();
		milliseconds *= 2;
	}
}

void
xp_leftovers_begin(void)
{
	if (xp_plan->leftovers)
		descriptors_before = open_below(DESCRIPTORS);
}

/* See inner.h. On the thread that has returned from main. */
void
xp_leftovers_check(void)
{
	const struct xp_thread *thread;
	unsigned descriptors;
	unsigned long blocks;

	await_ends();
	thread = thread_left();
	if (thread != NULL)
		xp_verdict(XP_LEFTOVER, "a thread was left behind: %s",
			thread->name[0] != '\0' ? thread->name :
			"one without a name");
	for (unsigned i = 0; i < xp_thread_count; i++)
		if (xp_threads[i].ended && i > 0 &&
		    !xp_threads[i].joined && !xp_threads[i].detached &&
		    xp_threads[i].handle != 0)
			xp_verdict(XP_LEFTOVER, "a thread has ended that "
				"nobody has joined or detached");
	blocks = xp_memory_live();
	if (blocks > 0 && xp_plan->allow == NULL)
		xp_verdict(XP_LEFTOVER, "memory was left behind: %lu %s",
			blocks, blocks == 1 ? "block" : "blocks");
	descriptors = open_below(DESCRIPTORS);
	if (descriptors > descriptors_before)
		xp_verdict(XP_LEFTOVER, "descriptors were left open: %u",
			descriptors - descriptors_before);
}
