/* state.c - what a callback must leave as it found it */
/* SPDX-License-Identifier: MIT */
/*
 * Interface: tp_state_save, tp_state_check: see state.h. In a build without
 * TP_CHECK this file is empty.
 *
 * Looked at is what belongs to one thread. Windows also looks for a thread
 * that impersonates, is in a transaction or has COM initialised; here user
 * and working directory belong to the whole process, and any thread may
 * change them at any time, so a difference would accuse the wrong callback.
 * On which processors a thread may run, a system says in its own way or not
 * at all: Linux is asked.
 *
 * Locks: tp_waitable_lock, to count mutexes.
 */
#ifdef __linux__
#define _GNU_SOURCE		/* sched_getaffinity */
#endif
#include "state.h"

#if TP_CHECK

#include <sched.h>
#include <string.h>

#include "waitable.h"

static unsigned
owned_mutexes(void)
{
	unsigned mutexes = 0;
	struct tp_self *self = tp_self_known();

	if (self == NULL)	/* it has never waited for anything */
		return 0;
	tp_lock(&tp_waitable_lock);
	for (struct tp_list *node = self->mutexes.next;
	     node != &self->mutexes; node = node->next)
		mutexes++;
	tp_unlock(&tp_waitable_lock);
	return mutexes;
}

/* A system with more processors than there are bits is not looked at. */
static void
save_processors(struct tp_state *state)
{
	memset(state->processors, 0, sizeof(state->processors));
#ifdef __linux__
	(void)sched_getaffinity(0, sizeof(state->processors),
		(cpu_set_t *)(void *)state->processors);
#endif
}

/* Cancellation can be read by changing it only. */
static void
save_cancellation(struct tp_state *state)
{
	int ignored;

	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state->cancel);
	(void)pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED,
		&state->cancel_type);
	(void)pthread_setcanceltype(state->cancel_type, &ignored);
	(void)pthread_setcancelstate(state->cancel, &ignored);
}

/* Before the callback: what the calling thread is like. */
void
tp_state_save(struct tp_state *state)
{
	struct sched_param parameters = { .sched_priority = 0 };

	(void)pthread_sigmask(SIG_BLOCK, NULL, &state->signals);
	save_cancellation(state);
	(void)pthread_getschedparam(pthread_self(), &state->policy,
		&parameters);
	state->priority = parameters.sched_priority;
	save_processors(state);
	state->mutexes = owned_mutexes();
	state->sections = tp_sections_entered();
	state->slim_locks = tp_slim_locks_held();
}

static bool
same_signals(const sigset_t *a, const sigset_t *b)
{
	for (int number = 1; number <= SIGRTMAX; number++)
		if (sigismember(a, number) != sigismember(b, number))
			return false;
	return true;
}

/*
 * After the callback, and what it asked to be done at its end: reports what
 * is different. It may even be another process: a callback that has forked
 * has returned in the child, too.
 */
void
tp_state_check(const struct tp_state *before, const struct tp_object *object)
{
	struct tp_state after;

	tp_check_fork("callback", object->code);
	tp_state_save(&after);
	if (after.mutexes > before->mutexes)
		tp_misuse(TP_MISUSE_MUTEX_KEPT, "callback", object->code);
	if (after.sections > before->sections)
		tp_misuse(TP_MISUSE_SECTION_KEPT, "callback", object->code);
	if (after.slim_locks > before->slim_locks)
		tp_misuse(TP_MISUSE_SLIM_LOCK_KEPT, "callback", object->code);
	if (!same_signals(&after.signals, &before->signals))
		tp_misuse(TP_MISUSE_SIGNALS_CHANGED, "callback",
			object->code);
	if (after.cancel != before->cancel ||
	    after.cancel_type != before->cancel_type)
		tp_misuse(TP_MISUSE_CANCEL_CHANGED, "callback",
			object->code);
	if (after.policy != before->policy ||
	    after.priority != before->priority)
		tp_misuse(TP_MISUSE_PRIORITY_CHANGED, "callback",
			object->code);
	if (memcmp(after.processors, before->processors,
	    sizeof(after.processors)) != 0)
		tp_misuse(TP_MISUSE_AFFINITY_CHANGED, "callback",
			object->code);
}

#else

/* ISO C wants a translation unit to declare something. */
typedef int tp_state_is_not_built;

#endif /* TP_CHECK */
