/* suite.h - what the checks of an exercise are written with */
/* SPDX-License-Identifier: MIT */
/*
 * A suite is a list of checks, each a function that returns if what it
 * promises holds and calls require where it might not. Every check runs in
 * a process of its own, which the grader watches, so that a check may hang
 * or crash: that, too, is a verdict.
 *
 * Checks force the schedule in which a mistake shows, and never wait for
 * luck: with gates, with await_still, and with hooks at the places where
 * the answer locks, waits and wakes. Nothing here measures time.
 *
 * Calls of malloc and its kin, of pthread_create and of the functions named
 * under "moments" are counted and can be made to fail; that works by
 * wrapping them at link time, and the answer under test has no part in it.
 */
#ifndef SUITE_H
#define SUITE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* Defines the check that the manifest calls by this name. */
#define CHECK(name) \
	void check_##name(void); \
	void check_##name(void)

/*
 * Ends the check as failed unless the condition holds. What follows says
 * what has happened, as printf has it: one sentence without a full stop,
 * the same on every run: no addresses, times or thread numbers. Any thread
 * may call it.
 */
#define require(condition, ...) \
	do { \
		if (!(condition)) \
			suite_fail(__VA_ARGS__); \
	} while (0)

_Noreturn void suite_fail(const char *format, ...);

/*
 * Says what the check waits for from here on: "the third callback to run".
 * The report quotes it if the check never gets any further. NULL: nothing.
 */
void awaiting(const char *what);

/*
 * Is this one execution of hundreds, of the stages schedules and race? Then
 * there can be less in each. explore_active (explore.h) is true in the one
 * explored run of the contract as well.
 */
bool one_of_many(void);

/* ---- Directing threads ---- */

/* A gate is shut until it is opened, and stays open from then on. */
struct gate {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool open;			/* guarded by lock */
	unsigned waiting;		/* guarded by lock */
};

#define GATE_SHUT { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, \
	false, 0 }

void gate_wait(struct gate *gate);
void gate_open(struct gate *gate);

/* Returns when that many threads wait at the gate. */
void gate_await_waiting(struct gate *gate, unsigned threads);

/* A tally counts; tally_await returns when it has reached a number. */
struct tally {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned long count;		/* guarded by lock */
};

#define TALLY_ZERO { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 }

unsigned long tally_add(struct tally *tally);	/* gives the new count */
unsigned long tally_read(struct tally *tally);
void tally_await(struct tally *tally, unsigned long count);

/* A thread of the suite's own; it is not counted by live_threads. */
struct actor {
	pthread_t thread;
	void (*body)(void *argument);
	void *argument;
	struct gate done;
};

void actor_start(struct actor *actor, void (*body)(void *argument),
	void *argument);
bool actor_done(struct actor *actor);	/* has its body returned? */
void actor_join(struct actor *actor);

/*
 * Returns when every other thread of the process sleeps, and none will wake
 * but by the caller's doing (or by a time-out of its own): everything that
 * can happen without the caller has happened. So "the wait has not
 * returned" becomes a fact. One thread at a time may call it.
 */
void await_still(void);

/* ---- Counting, and making fail ---- */

unsigned long live_threads(void);	/* made by the answer, not ended */
unsigned long made_threads(void);	/* ever */
unsigned long live_allocations(void);
unsigned long made_allocations(void);

/* The n-th one from now fails, and only that; 0: none does. */
void fail_allocation(unsigned long n);
void fail_thread(unsigned long n);

/* All from now on fail, until called with false. */
void fail_allocations(bool fail);
void fail_threads(bool fail);

/* ---- Moments in the answer's code ---- */

enum moment {
	BEFORE_LOCK,		/* pthread_mutex_lock: object is the mutex */
	AFTER_UNLOCK,		/* pthread_mutex_unlock: the mutex */
	BEFORE_WAIT,		/* pthread_cond_wait, _timedwait: the condition;
				   the mutex is still held */
	BEFORE_WAKE,		/* pthread_cond_signal, _broadcast */
	BEFORE_CREATE,		/* pthread_create: NULL */
	BEFORE_JOIN,		/* pthread_join: NULL */
	MOMENTS
};

/*
 * Calls the hook at each such moment, on the thread that has come to it, in
 * the answer and in what it is linked with (never in the functions above).
 * The hook may wait at a gate. NULL: no hook any more. Calls made from
 * within a hook call no hook.
 */
void at_each(enum moment moment, void (*hook)(void *object));

/* The next n waits for a condition return at once, as POSIX allows. */
void spurious_wakeups(unsigned long n);

/* ---- Before a check ---- */

/*
 * A suite may define this. It is called before the check, and what it leaves
 * behind counts as there before: the poller, once a stream has been opened.
 */
void suite_prepare(void);
#pragma weak suite_prepare

/* ---- For the grader's own files ---- */

struct suite_check {
	const char *name;
	void (*body)(void);
};

extern const struct suite_check suite_checks[];	/* from the manifest */

#endif /* SUITE_H */
