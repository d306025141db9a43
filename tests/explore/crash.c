/* crash.c - a fault of the program: where it happened */
/* SPDX-License-Identifier: MIT */
/*
 * Without a handler a crash would be a signal's name and nothing else. The
 * handler writes down the place and ends the execution; a sanitizer says
 * more, so where one is linked, the fault is left to it.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "inner.h"

#pragma weak __asan_init
void __asan_init(void);
#pragma weak __tsan_acquire
void __tsan_acquire(void *);

/* The instruction that faulted, and the frame it was in. */
static uintptr_t
place(const ucontext_t *context)
{
#if defined(__x86_64__)
	return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (uintptr_t)context->uc_mcontext.pc;
#else
	(void)context;
	return 0;
#endif
}

static void
see_fault(int number, siginfo_t *info, void *context)
{
	(void)info;
	if (!xp_active())
		_Exit(EXIT_FAILURE);
	xp_frames(xp_record->frames);
	memmove(xp_record->frames + 1, xp_record->frames,
		(XP_FRAMES - 1) * sizeof(uintptr_t));
	xp_record->frames[0] = place(context) + 1;	/* as if returned to */
	xp_verdict(XP_CRASH, "it crashed: %s", number == SIGFPE ?
		"a division by zero or the like" : number == SIGILL ?
		"an instruction that does not exist" :
		"it used memory that is not there");
}

/* Faults end the execution as a verdict. */
void
xp_crash_watch(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };
	struct sigaction action;

	if (__asan_init != NULL || __tsan_acquire != NULL)
		return;
	memset(&action, 0, sizeof(action));
	action.sa_sigaction = see_fault;
	action.sa_flags = (int)(SA_SIGINFO | SA_RESETHAND);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigaction(faults[i], &action, NULL);
}
