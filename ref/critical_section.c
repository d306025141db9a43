/* critical_section.c - critical sections: locks that may be re-entered */
/* SPDX-License-Identifier: MIT */
/*
 * Unlike a mutex, a critical section is no kernel object: it has no handle,
 * nobody can wait for it together with something else, and it does not
 * notice when its owner ends. In return it needs no table and no lock that
 * others share.
 *
 * It is stored in place, in the program's CRITICAL_SECTION, so initialising
 * it cannot fail. A small mutex guards its few fields and is never held
 * while the program's code runs; a thread that has to wait tells its pool
 * so, and sleeps on a condition variable of its own. Were it one for all, a
 * wake-up could be lost: before version 2.41, a signal of the GNU C library
 * may wake nobody although several threads wait (its bug 25847).
 *
 * Interface: InitializeCriticalSection and its forms, Enter..., TryEnter...,
 * Leave..., DeleteCriticalSection.
 *
 * Invariant: owner is 0 exactly when depth is 0.
 *
 * Locks: the section's guard, which takes no other under it.
 */
#include "state.h"

#define INITIALISED	0x5EC7104Eu	/* no chance that memory holds it */

struct section {
	DWORD initialised;		/* INITIALISED, or not; read-only */
	struct tp_mutex guard;

	/* Guarded by guard. */
	DWORD owner;			/* thread id; 0: nobody is inside */
	unsigned depth;			/* entries that were not left yet */
	struct tp_list entrants;	/* who wait, the oldest first */
};

/* A thread that wants to enter: lives on its stack while it waits. */
struct entrant {
	/* Guarded by guard. */
	struct tp_list link;		/* in section->entrants */
	struct tp_cond left;		/* somebody has left the section */
};

_Static_assert(sizeof(struct section) <= sizeof(CRITICAL_SECTION),
	"CRITICAL_SECTION in win32.h is too small");
_Static_assert(_Alignof(struct section) <= _Alignof(CRITICAL_SECTION),
	"CRITICAL_SECTION in win32.h needs another alignment");

#if TP_CHECK
static _Thread_local unsigned entries;	/* by this thread, and not left */

/* See state.h. */
unsigned
tp_sections_entered(void)
{
	return entries;
}

#define count_entry()	((void)entries++)
#define count_exit()	((void)entries--)
#else
#define count_entry()	((void)0)
#define count_exit()	((void)0)
#endif

/* What is stored in the program's structure; checked in the debug build. */
static struct section *
section_of(CRITICAL_SECTION *storage, const char *call)
{
	struct section *section = (struct section *)(void *)storage->Storage;

	(void)call;
	if (TP_CHECK && section->initialised != INITIALISED)
		tp_misuse(TP_MISUSE_SECTION_UNINITIALISED, call, storage);
	return section;
}

/*
 * InitializeCriticalSection: makes a critical section that nobody is in.
 * The structure must not be moved or copied afterwards.
 *
 *	lpCriticalSection	where; whatever was in it is overwritten
 *
 * Source:	KOBJ-17.
 */
VOID WINAPI
InitializeCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
{
	struct section *section =
		(struct section *)(void *)lpCriticalSection->Storage;

	memset(lpCriticalSection, 0, sizeof(*lpCriticalSection));
	tp_mutex_init(&section->guard, TP_RANK_LEAF);
	tp_list_init(&section->entrants);
	section->initialised = INITIALISED;
}

/*
 * InitializeCriticalSectionAndSpinCount: InitializeCriticalSection.
 *
 *	dwSpinCount	not looked at: nobody spins
 *
 * Returns:	TRUE.
 */
BOOL WINAPI
InitializeCriticalSectionAndSpinCount(LPCRITICAL_SECTION lpCriticalSection,
	DWORD dwSpinCount)
{
	(void)dwSpinCount;
	InitializeCriticalSection(lpCriticalSection);
	return TRUE;
}

/* InitializeCriticalSectionEx: the same. Flags: not looked at. */
BOOL WINAPI
InitializeCriticalSectionEx(LPCRITICAL_SECTION lpCriticalSection,
	DWORD dwSpinCount, DWORD Flags)
{
	(void)Flags;
	return InitializeCriticalSectionAndSpinCount(lpCriticalSection,
		dwSpinCount);
}

/* Enters if nobody else is inside. */
static bool
enter_locked(struct section *section, DWORD self)
{
	tp_assert_held(&section->guard);
	if (section->owner != 0 && section->owner != self)
		return false;
	section->owner = self;
	section->depth++;
	count_entry();
	return true;
}

/*
 * Sleeps until nobody is inside, then enters. Held on entry and exit. The
 * thread is among the entrants before the guard is dropped: who leaves in
 * that moment then knows that somebody comes.
 */
static void
wait_and_enter_locked(struct section *section, DWORD self)
{
	struct entrant entrant;

	tp_cond_init(&entrant.left);
	tp_list_append(&section->entrants, &entrant.link);
	tp_unlock(&section->guard);
	tp_blocking_begin();
	tp_lock(&section->guard);
	while (!enter_locked(section, self))
		tp_cond_wait(&entrant.left, &section->guard);
	tp_list_remove(&entrant.link);
	tp_cond_destroy(&entrant.left);
}

/*
 * EnterCriticalSection: waits until no other thread is inside, and enters.
 * A thread that is inside enters once more.
 *
 *	lpCriticalSection	the section
 *
 * Misuse:	section-uninitialised.
 * Locks:	none may be held; a worker that waits tells its pool.
 * Source:	KOBJ-17.
 */
VOID WINAPI
EnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
{
	struct section *section = section_of(lpCriticalSection,
		"EnterCriticalSection");
	DWORD self = GetCurrentThreadId();
	bool waits;

	tp_lock(&section->guard);
	waits = !enter_locked(section, self);
	if (waits)
		wait_and_enter_locked(section, self);
	tp_unlock(&section->guard);
	if (waits)
		tp_blocking_end();
}

/*
 * TryEnterCriticalSection: enters unless another thread is inside.
 *
 *	lpCriticalSection	the section
 *
 * Returns:	TRUE if the calling thread is inside now; never waits.
 * Misuse:	section-uninitialised.
 * Source:	KOBJ-17.
 */
BOOL WINAPI
TryEnterCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
{
	struct section *section = section_of(lpCriticalSection,
		"TryEnterCriticalSection");
	DWORD self = GetCurrentThreadId();
	bool entered;

	tp_lock(&section->guard);
	entered = enter_locked(section, self);
	tp_unlock(&section->guard);
	return entered;
}

/*
 * The last entry has been left: wakes the oldest of those who wait. If
 * another thread is faster, that one wakes it again when it leaves.
 */
static void
set_free_locked(struct section *section)
{
	struct tp_list *node = tp_list_first(&section->entrants);

	tp_assert_held(&section->guard);
	section->owner = 0;
	if (node != NULL)
		tp_cond_signal(
			&tp_container(node, struct entrant, link)->left);
}

/*
 * LeaveCriticalSection: undoes one entry of the calling thread; after the
 * last one another thread may enter.
 *
 *	lpCriticalSection	the section
 *
 * Misuse:	section-not-owner, section-uninitialised.
 * Source:	KOBJ-17.
 */
VOID WINAPI
LeaveCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
{
	struct section *section = section_of(lpCriticalSection,
		"LeaveCriticalSection");
	DWORD self = GetCurrentThreadId();
	bool owner;

	tp_lock(&section->guard);
	owner = section->owner == self;
	if (owner && --section->depth == 0)
		set_free_locked(section);
	tp_unlock(&section->guard);
	if (owner)
		count_exit();
	else
		tp_misuse(TP_MISUSE_SECTION_NOT_OWNER,
			"LeaveCriticalSection", lpCriticalSection);
}

/*
 * DeleteCriticalSection: ends a section that nobody uses any more. Until it
 * is initialised again, every use of it is misuse.
 *
 *	lpCriticalSection	the section
 *
 * Misuse:	section-in-use if a thread is inside or waits,
 *		section-uninitialised.
 * Source:	KOBJ-17.
 */
VOID WINAPI
DeleteCriticalSection(LPCRITICAL_SECTION lpCriticalSection)
{
	struct section *section = section_of(lpCriticalSection,
		"DeleteCriticalSection");
	bool in_use;

	tp_lock(&section->guard);
	in_use = section->owner != 0 || !tp_list_empty(&section->entrants);
	tp_unlock(&section->guard);
	if (in_use)
		tp_misuse(TP_MISUSE_SECTION_IN_USE, "DeleteCriticalSection",
			lpCriticalSection);
	section->initialised = 0;
	tp_mutex_destroy(&section->guard);
}
