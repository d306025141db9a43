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
	TP_MISUSE_SLIM_LOCK_NOT_HELD
};

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

/* Reports, and ends the program, unless address is open and of the kind. */
void tp_check(const void *address, const char *kind, const char *call);

/* The same for call, which closes the object: it is a closed one now. */
void tp_check_close(const void *address, const char *kind,
	const char *call);

#else

#define tp_misuse(misuse, call, address)	((void)0)
#define tp_check_process(call)			((void)0)
#define tp_register(entry, address, kind)	((void)0)
#define tp_check(address, kind, call)		((void)0)
#define tp_check_close(address, kind, call)	((void)0)

#endif /* TP_CHECK */

#endif /* MISUSE_H */
