/* explore.h - what an explored program may ask of the explorer */
/* SPDX-License-Identifier: MIT */
/*
 * A program that is explored runs one thread at a time, in virtual time,
 * under a schedule that the explorer chooses (README.md). It needs nothing
 * of this header. What is here lets it name things in the report, and make
 * happen what only happens to others: a clock that is set, a machine that
 * sleeps, memory that runs out.
 *
 * All functions are weak. In a program that is not linked with the explorer
 * they are missing, and the macros below do nothing in their place; so the
 * same source runs natively and explored.
 */
#ifndef EXPLORE_H
#define EXPLORE_H

#include <stdbool.h>
#include <stddef.h>

/* What can be made to fail. */
enum explore_fault {
	EXPLORE_MALLOC,			/* malloc, calloc, realloc, ... */
	EXPLORE_THREAD,			/* pthread_create: EAGAIN */

	/* Of exposed descriptors: read, write, accept and their like. */
	EXPLORE_EINTR,			/* it is interrupted */
	EXPLORE_EAGAIN,			/* it would block, although it is ready */
	EXPLORE_SHORT,			/* it moves half of the bytes */
	EXPLORE_EIO,
	EXPLORE_ENOSPC,			/* a write to a file on disk, fsync */
	EXPLORE_ECONNRESET,		/* of a socket; accept: ECONNABORTED */
	EXPLORE_FAULTS
};

/* Sets of them. */
#define EXPLORE_ANY	((1u << EXPLORE_FAULTS) - 1)
#define EXPLORE_DELAYS	(1u << EXPLORE_EINTR | 1u << EXPLORE_EAGAIN | \
	1u << EXPLORE_SHORT)		/* after which one may go on */

/*
 * Is this an explored execution? In one, time is virtual and exact: what
 * happens 20 ms after 0 happens at 20 ms.
 */
bool explore_running(void);

/* Names an object (a mutex, a variable, ...) for reports. Copies the name. */
void explore_name_object(const void *object, const char *name);

/* Puts a line of the program's own into the interleaving. */
void explore_note_text(const char *text);

/* Sets the wall clock forward, or backward; the steady one does not move. */
void explore_step_wall_clock(long milliseconds);

/*
 * The machine was asleep: the wall clock has moved, and the steady one has
 * not (CLOCK_MONOTONIC, on Linux).
 */
void explore_suspend_machine(long milliseconds);

/* All clocks move, while no thread runs: the machine stood still. */
void explore_stall_machine(long milliseconds);

/*
 * Is something made to fail in this execution: because EXPLORE says so
 * (faults, fail), or because the program has asked for it?
 */
bool explore_is_faulty(void);

/* The same for some kinds alone: a bit for each. */
bool explore_fails_by(unsigned faults);

/* May a time-out come although other threads could run? (time=race) */
bool explore_is_slow(void);

/*
 * A suite's test begins here: what EXPLORE makes fail is counted from now
 * on. Memory that the suite asked for before is not the test's.
 */
void explore_count_faults(void);

/* The n-th from now fails, and only that; 0: none. */
void explore_fail_number(enum explore_fault what, unsigned long n);

/*
 * From now on, and until it is closed, calls on this descriptor may be made
 * to fail in these ways. All others are what the program relies upon, or the
 * test.
 */
void explore_expose_descriptor(int descriptor, unsigned faults);

/*
 * Returns when no other thread can run without the caller's doing, or a
 * time-out: all that can happen now has happened.
 */
void explore_await_still(void);

/* The program has failed; text says how. Does not return when explored. */
void explore_fail_with(const char *text);

/*
 * This cannot be explored, and why: then it runs natively only. Does not
 * return when explored.
 */
void explore_refuse(const char *text);

/*
 * How many threads live whose name begins so, the caller included; "" for
 * all. (pthread_setname_np gives a thread its name.)
 */
unsigned explore_count_threads(const char *prefix);

/*
 * With finish=on an execution passes only if somebody has called this: a
 * program that ends early has not done what it is tested for.
 */
void explore_finish_line(void);

/*
 * What the program did up to here is not what a search (search=) is about:
 * it varies the steps from here on only.
 */
void explore_search_here(void);

/*
 * A program may define these two. The driver, the process in which nothing
 * is explored, calls the first before the first execution, and the second
 * when all is over, with the verdict: "pass" if no execution failed, or else
 * "deadlock" or "race" or another word of README.md, and what happened.
 */
void explore_begin(int argc, char **argv);
void explore_end(const char *verdict, const char *text);

#pragma weak explore_running
#pragma weak explore_name_object
#pragma weak explore_note_text
#pragma weak explore_step_wall_clock
#pragma weak explore_suspend_machine
#pragma weak explore_stall_machine
#pragma weak explore_is_faulty
#pragma weak explore_fails_by
#pragma weak explore_is_slow
#pragma weak explore_count_faults
#pragma weak explore_fail_number
#pragma weak explore_expose_descriptor
#pragma weak explore_await_still
#pragma weak explore_fail_with
#pragma weak explore_refuse
#pragma weak explore_count_threads
#pragma weak explore_finish_line
#pragma weak explore_search_here

/* By these a program calls them. */
#define explore_active() \
	(explore_running != NULL && explore_running())
#define explore_name(object, name) \
	(explore_active() ? explore_name_object((object), (name)) : (void)0)
#define explore_note(text) \
	(explore_active() ? explore_note_text(text) : (void)0)
#define explore_step_wall(milliseconds) \
	(explore_active() ? explore_step_wall_clock(milliseconds) : (void)0)
#define explore_suspend(milliseconds) \
	(explore_active() ? explore_suspend_machine(milliseconds) : (void)0)
#define explore_stall(milliseconds) \
	(explore_active() ? explore_stall_machine(milliseconds) : (void)0)
#define explore_expose(descriptor, faults) \
	(explore_active() ? \
	explore_expose_descriptor((descriptor), (faults)) : (void)0)
#define explore_cannot(text) \
	(explore_active() ? explore_refuse(text) : (void)0)
#define explore_fail_nth(what, n) \
	(explore_active() ? explore_fail_number((what), (n)) : (void)0)

#endif /* EXPLORE_H */
