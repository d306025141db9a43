/* faults.c - what is made to fail, and when */
/* SPDX-License-Identifier: MIT */
/*
 * The n-th request of a kind fails, and only that: by the plan (fail=, and
 * faults=, which tries them one after the other) or because the program has
 * asked for it. What a kind counts is what could fail so: every allocation,
 * every new thread; and of the calls on descriptors those that could end in
 * this way. An interrupted read is one of a read; one that finds nothing is
 * one of a descriptor that does not block.
 *
 * Calls on descriptors fail only where the program has exposed the
 * descriptor: that it can live with, say, a read of half as many bytes is
 * true of the code under test, and seldom of the test.
 *
 * Interface: xp_fault, xp_fault_word, xp_fault_of, xp_io_fault,
 * xp_io_forget; explore_expose_descriptor, explore_fail_number,
 * explore_count_faults, explore_is_faulty, explore_fails_by.
 */
#include <string.h>

#include "descriptor.h"

#define DESCRIPTORS	1024

static const char *const words[EXPLORE_FAULTS] = {
	[EXPLORE_MALLOC] = "malloc", [EXPLORE_THREAD] = "thread",
	[EXPLORE_EINTR] = "eintr", [EXPLORE_EAGAIN] = "eagain",
	[EXPLORE_SHORT] = "short", [EXPLORE_EIO] = "eio",
	[EXPLORE_ENOSPC] = "enospc", [EXPLORE_ECONNRESET] = "econnreset"
};

static unsigned long to_fail[EXPLORE_FAULTS];	/* by the program; 0: none */
static unsigned by_program;			/* it has asked for these */
static unsigned exposed[DESCRIPTORS];		/* to these; a bit each */
bool xp_faults_wait;				/* see shadow.h */

/* The kind as EXPLORE names it. */
const char *
xp_fault_word(unsigned what)
{
	return what < EXPLORE_FAULTS ? words[what] : "nothing";
}

/* The kind with a name of that length; EXPLORE_FAULTS: there is none. */
unsigned
xp_fault_of(const char *word, size_t length)
{
	unsigned what = 0;

	while (what < EXPLORE_FAULTS && (strlen(words[what]) != length ||
	    strncmp(words[what], word, length) != 0))
		what++;
	return what;
}

/* One more request: is it one that has to fail? See inner.h. */
bool
xp_fault(enum explore_fault what)
{
	unsigned long n;

	if (xp_faults_wait)
		return false;
	n = ++xp_record->asked[what];
	return n == xp_plan->fail[what] || n == to_fail[what];
}

/* See descriptor.h. */
bool
xp_io_exposed(int descriptor)
{
	return descriptor >= 0 && descriptor < DESCRIPTORS &&
		exposed[descriptor] != 0;
}

/* See descriptor.h. */
enum explore_fault
xp_io_fault(int descriptor, unsigned possible)
{
	enum explore_fault found = EXPLORE_FAULTS;

	possible &= exposed[descriptor];
	for (unsigned what = 0; what < EXPLORE_FAULTS; what++)
		if ((possible & xp_bit(what)) != 0 &&
		    xp_fault((enum explore_fault)what))
			found = (enum explore_fault)what;
	return found;
}

/* See descriptor.h. */
void
xp_io_forget(int descriptor)
{
	if (descriptor >= 0 && descriptor < DESCRIPTORS)
		exposed[descriptor] = 0;
}

/* ---- What a program asks for: see explore.h ---- */

void
explore_expose_descriptor(int descriptor, unsigned faults)
{
	if (xp_active() && descriptor >= 0 && descriptor < DESCRIPTORS)
		exposed[descriptor] = faults;
}

void
explore_count_faults(void)
{
	xp_faults_wait = false;
}

void
explore_fail_number(enum explore_fault what, unsigned long n)
{
	if (!xp_active())
		return;
	to_fail[what] = n == 0 ? 0 : xp_record->asked[what] + n;
	if (n != 0)
		by_program |= xp_bit(what);
}

bool
explore_fails_by(unsigned faults)
{
	unsigned asked = 0;

	if (!xp_active())
		return false;
	for (unsigned what = 0; what < EXPLORE_FAULTS; what++)
		if (xp_plan->fail[what] != 0)
			asked |= xp_bit(what);
	return ((asked | by_program) & faults) != 0;
}

bool
explore_is_faulty(void)
{
	return explore_fails_by(EXPLORE_ANY);
}
