/* harness.h - what every test suite uses besides Check and the API */
/* SPDX-License-Identifier: MIT */
/*
 * A test is an ordinary program that uses the public API. It orders events
 * with gates and latches, never by sleeping, and asserts no upper bound on
 * time: a test that would hang is ended by Check's watchdog.
 *
 * After each test the harness waits until nothing is left behind: no
 * thread but those that the pool may keep, no allocation made by the pool
 * or the test, no descriptor. Something left makes the test fail.
 *
 * Allocations and thread creations are counted, and made to fail, by
 * wrapping malloc, calloc, realloc, free and pthread_create at link time;
 * the pool itself has no part in it.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <check.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "explore/explore.h"
#include "threadpool.h"

#ifndef TP_CHECK
#define TP_CHECK 1	/* the checking build, as in the pool */
#endif

/*
 * With TEST_ONLY=name in the environment, a suite consists of the test of
 * that name alone. It fails if it has no such test: a run of nothing must
 * not pass. With TEST_LIST=1 it runs nothing, and prints a line for each
 * test: its case, a blank, its name.
 *
 * Linked with the explorer, a suite runs the test of TEST_ONLY in each
 * execution, without Check's processes, pipes and timers.
 */
#undef tcase_add_test
#define tcase_add_test(tcase, test) harness_add_test((tcase), (test))

void harness_add_test(TCase *tcase, const TTest *test);

/* A case of the suite whose tests end with the check for leftovers. */
TCase *harness_case(Suite *suite, const char *name);

/* Each test runs between these two, or NULL. Once for each case. */
void harness_add_fixture(TCase *tcase, SFun begin, SFun end);

/*
 * The descriptors that are open now are not the test's: for a fixture, or
 * for a test of something that the process keeps open.
 */
void harness_keep_descriptors(void);

/* Runs the suite and gives the exit status of main. */
int harness_run(Suite *suite);

/*
 * A gate holds back threads until it is opened. The pool does not see that
 * they block (it is a foreign condition variable); to block in the pool's
 * sight, use an event and WaitForSingleObject.
 */
struct gate {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	bool open;
	unsigned waiting;	/* threads that wait at the gate now */
};

#define GATE_INIT { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, \
	false, 0 }

void gate_wait(struct gate *gate);
void gate_open(struct gate *gate);
void gate_await_waiting(struct gate *gate, unsigned threads);

/* A tally counts; tally_await sleeps until it has reached a number. */
struct tally {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	unsigned long count;
};

#define TALLY_INIT { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 }

unsigned long tally_add(struct tally *tally);	/* returns the new count */
unsigned long tally_read(struct tally *tally);
void tally_await(struct tally *tally, unsigned long count);

/*
 * How often is enough? Natively a loop raises the chance that something
 * happens meanwhile. The explorer does not leave that to chance, and a few
 * rounds are as good as many.
 */
unsigned long enough(unsigned long natively, unsigned long explored);

/* Sleeps briefly between looks until true; the watchdog ends it. */
void await(bool (*condition)(void *argument), void *argument);

/* Failures to inject. Each stays in force until changed; 0: none. */
void fail_allocations(bool fail);	/* every one from now on */
void fail_allocation_number(unsigned long n);	/* the n-th from now */
void fail_threads(bool fail);		/* every pthread_create */
void fail_thread_number(unsigned long n);
void hold_threads(struct gate *gate);	/* each waits there first; or NULL */

/* What the process has, as the wrapped functions counted it. */
unsigned long live_allocations(void);
unsigned long live_threads(void);	/* made by pthread_create */
unsigned long made_threads(void);	/* ever */
unsigned long made_allocations(void);

/* How many descriptors are open, among the first thousand or so. */
unsigned open_descriptors(void);

/* A private pool with these limits, and an environment that names it. */
struct private_pool {
	PTP_POOL pool;
	TP_CALLBACK_ENVIRON environ;
};

void private_pool_open(struct private_pool *private, DWORD minimum,
	DWORD maximum);
void private_pool_close(struct private_pool *private);

/*
 * Runs scene(argument) in a child process and gives what it wrote to
 * standard error; the child must end by abort() if aborts, else by itself.
 */
const char *report_of(void (*scene)(void *argument), void *argument,
	bool aborts);

#endif /* HARNESS_H */
