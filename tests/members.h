/* members.h - what the suites of cleanup groups have in common */
/* SPDX-License-Identifier: MIT */
/*
 * A company is a private pool and a cleanup group, with an environment that
 * names both. Its members count what happens to them: how often a callback
 * of theirs has started and finished, and how often the group's cancel
 * callback was called for them, with what, and on which thread.
 *
 * The contexts of members are allocated, and freed as soon as the group has
 * closed its members. So a callback that comes later uses memory that is
 * gone, and a sanitizer, or the explorer, says so.
 *
 * Everything here is inline: a suite takes what it needs.
 */
#ifndef MEMBERS_H
#define MEMBERS_H

#include "scene.h"
#include "timing.h"

/* ---- Companies ---- */

struct company {
	struct private_pool private;
	PTP_CLEANUP_GROUP group;
};

/* A pool of exactly so many threads, and a group. cancelled: may be NULL. */
static inline void
company_open(struct company *company, DWORD threads,
	PTP_CLEANUP_GROUP_CANCEL_CALLBACK cancelled)
{
	private_pool_open(&company->private, threads, threads);
	company->group = CreateThreadpoolCleanupGroup();
	ck_assert_ptr_nonnull(company->group);
	SetThreadpoolCallbackCleanupGroup(&company->private.environ,
		company->group, cancelled);
}

/* Its members have been closed. */
static inline void
company_close(struct company *company)
{
	CloseThreadpoolCleanupGroup(company->group);
	private_pool_close(&company->private);
}

/* ---- Members ---- */

struct member {
	struct tally started, finished;
	struct gate *gate;		/* callbacks wait there; NULL: none */
	struct tally cancelled;		/* calls of the cancel callback */
	PVOID cleanup;			/* what the last of them was given */
	DWORD thread;			/* and where it ran */
	unsigned long finished_before;	/* it */
};

#define MEMBER_INIT { .started = TALLY_INIT, .finished = TALLY_INIT, \
	.cancelled = TALLY_INIT }

static inline void
pass(struct member *member)
{
	tally_add(&member->started);
	if (member->gate != NULL)
		gate_wait(member->gate);
	tally_add(&member->finished);
}

static inline VOID CALLBACK
pass_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	pass(context);
}

static inline VOID CALLBACK
pass_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance;
	(void)timer;
	pass(context);
}

static inline VOID CALLBACK
pass_wait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)wait;
	(void)result;
	pass(context);
}

static inline VOID CALLBACK
pass_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	pass(context);
}

/* The group's cancel callback. */
static inline VOID CALLBACK
note_cancelled(PVOID context, PVOID cleanup)
{
	struct member *member = context;

	member->cleanup = cleanup;
	member->thread = GetCurrentThreadId();
	member->finished_before = tally_read(&member->finished);
	tally_add(&member->cancelled);
}

static inline PTP_WORK
member_work(struct company *company, PTP_WORK_CALLBACK callback,
	PVOID context)
{
	PTP_WORK work = CreateThreadpoolWork(callback, context,
		&company->private.environ);

	ck_assert_ptr_nonnull(work);
	return work;
}

static inline PTP_TIMER
member_timer(struct company *company, PTP_TIMER_CALLBACK callback,
	PVOID context)
{
	PTP_TIMER timer = CreateThreadpoolTimer(callback, context,
		&company->private.environ);

	ck_assert_ptr_nonnull(timer);
	return timer;
}

static inline PTP_WAIT
member_wait(struct company *company, PTP_WAIT_CALLBACK callback,
	PVOID context)
{
	PTP_WAIT wait = CreateThreadpoolWait(callback, context,
		&company->private.environ);

	ck_assert_ptr_nonnull(wait);
	return wait;
}

static inline void
member_simple(struct company *company, PTP_SIMPLE_CALLBACK callback,
	PVOID context)
{
	ck_assert(TrySubmitThreadpoolCallback(callback, context,
		&company->private.environ));
}

/* ---- Closing on a thread of its own ---- */

struct closer {
	pthread_t thread;
	PTP_CLEANUP_GROUP group;
	BOOL cancel;
	PVOID cleanup;
	struct tally closed;		/* it has returned */
};

static inline void *
close_members(void *argument)
{
	struct closer *closer = argument;

	CloseThreadpoolCleanupGroupMembers(closer->group, closer->cancel,
		closer->cleanup);
	tally_add(&closer->closed);
	return NULL;
}

static inline void
closer_start(struct closer *closer, struct company *company, BOOL cancel)
{
	*closer = (struct closer){ .group = company->group,
		.cancel = cancel, .closed = TALLY_INIT };
	start(&closer->thread, close_members, closer);
}

#endif /* MEMBERS_H */
