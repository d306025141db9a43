/* misuse.h - reports of programs that use the API wrongly */
/* SPDX-License-Identifier: MIT */
/*
 * Some errors have no error code: the function is VOID, or the pointer no
 * longer means anything. In the checking build (TP_CHECK, the default) they
 * are reported in one line on standard error, with a code that never
 * changes, and an error then ends the program by abort(). Without TP_CHECK
 * nothing is looked up and the behaviour is undefined, as on Windows.
 *
 * So that a pointer can be judged before it is touched, every object that
 * the application may name is registered while it is open, and the last
 * few closed ones are remembered.
 */
#ifndef MISUSE_H
#define MISUSE_H

#ifndef TP_CHECK
#define TP_CHECK 1
#endif

/* One line each in the table of misuse.c. */
enum tp_misuse {
	TP_MISUSE_NOT_AN_OBJECT,
	TP_MISUSE_CLOSED_OBJECT,
	TP_MISUSE_WRONG_KIND,
	TP_MISUSE_SELF_WAIT,
	TP_MISUSE_CLOSED_POOL,
	TP_MISUSE_WAIT_TARGET,
	TP_MISUSE_AFTER_FORK,
	TP_MISUSE_THREAD_EXIT,
	TP_MISUSE_SECTION_UNINITIALISED,
	TP_MISUSE_SECTION_NOT_OWNER,
	TP_MISUSE_SECTION_IN_USE,
	TP_MISUSE_SLIM_LOCK_NOT_HELD,
	TP_MISUSE_GROUP_SELF_WAIT,
	TP_MISUSE_GROUP_IN_USE,
	TP_MISUSE_FOREIGN_INSTANCE,
	TP_MISUSE_SECOND_ACTION,
	TP_MISUSE_ACTION_FAILED,
	TP_MISUSE_MUTEX_KEPT,
	TP_MISUSE_SECTION_KEPT,
	TP_MISUSE_SIGNALS_CHANGED,
	TP_MISUSE_CANCEL_CHANGED,
	TP_MISUSE_PRIORITY_CHANGED,
	TP_MISUSE_AFFINITY_CHANGED,
	TP_MISUSE_SLIM_LOCK_KEPT,
	TP_MISUSE_SLOT_IN_USE,
	TP_MISUSE_HANDLE_IN_USE,
	TP_MISUSE_FILE_IN_USE,
	TP_MISUSE_LIBRARY_IN_USE,
	TP_MISUSE_IO_NOT_ANNOUNCED,
	TP_MISUSE_ONE_THREAD
};

/* A sanitizer handles the signals of a crash, and says more about it. */
#ifdef __has_feature
#define TP_HAS_FEATURE(feature) __has_feature(feature)
#else
#define TP_HAS_FEATURE(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||	\
	TP_HAS_FEATURE(address_sanitizer) ||				\
	TP_HAS_FEATURE(thread_sanitizer) || TP_HAS_FEATURE(memory_sanitizer)
#define TP_SANITIZED 1
#else
#define TP_SANITIZED 0
#endif

#if TP_CHECK

struct tp_registered {
	struct tp_registered *next;
	const void *address;
	const char *kind;
};

/*
 * Reports a misuse: call names the API function, address what it was given
 * (NULL: nothing worth naming). Does not return if it is an error; what
 * follows a warning is up to the caller. No lock is needed.
 */
void tp_misuse(enum tp_misuse misuse, const char *call, const void *address);

/* Makes address known as an open object of this kind, a static string. */
void tp_register(struct tp_registered *entry, const void *address,
	const char *kind);

/*
 * Reports, and ends the program, if this process is the fork of one that used
 * the pool. For calls that create something, since they name no object.
 */
void tp_check_process(const char *call);

/* The same for a call that comes later, and names no object to be checked. */
void tp_check_fork(const char *call, const void *address);

/* Reports, and ends the program, unless address is open and of the kind. */
void tp_check(const void *address, const char *kind, const char *call);

/* The same for call, which closes the object: it is a closed one now. */
void tp_check_close(const void *address, const char *kind,
	const char *call);

#else

#define tp_misuse(misuse, call, address)	((void)0)
#define tp_check_process(call)			((void)0)
#define tp_check_fork(call, address)		((void)0)
#define tp_register(entry, address, kind)	((void)0)
#define tp_check(address, kind, call)		((void)0)
#define tp_check_close(address, kind, call)	((void)0)

#endif /* TP_CHECK */

/*
 * From now on a crash in a callback is reported with the callback's address,
 * before the signal ends the program: see crash.c. Called before a pool
 * makes its first thread; once is enough. tp_crash_explained: the calling
 * thread has said already why it is about to call abort().
 */
#if TP_CHECK && !TP_SANITIZED
void tp_crash_watch(void);
void tp_crash_explained(void);
#else
#define tp_crash_watch()	((void)0)
#define tp_crash_explained()	((void)0)
#endif

#endif /* MISUSE_H */
