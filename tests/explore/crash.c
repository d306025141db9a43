/* crash.c - a fault of the program: where it happened */
/* SPDX-License-Identifier: MIT */
/*
 * Without a handler a crash would be a signal's name and nothing else. The
 * handler writes down the place and ends the execution; a sanitizer says
 * more, so where one is linked, the fault is left to it, and told how we
 * want it.
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

#pragma weak __sanitizer_set_death_callback
void __sanitizer_set_death_callback(void (*callback)(void));

#pragma weak __asan_default_options
#pragma weak __tsan_default_options
const char *__asan_default_options(void);
const char *__tsan_default_options(void);

/* ---- What a sanitizer is asked for, if there is one ---- */

/* Memory left behind is for leftovers.c; no memory is no failure. */
const char *
__asan_default_options(void)
{
	return "detect_leaks=0:allocator_may_return_null=1:"
		"print_legend=0";
}

/*
 * Threads live on when an execution ends: that is no leak, nor waited for.
 * Deadlocks are the explorer's: it shows those that can happen.
 */
const char *
__tsan_default_options(void)
{
	return "report_thread_leaks=0:atexit_sleep_ms=0:halt_on_error=1:"
		"detect_deadlocks=0:allocator_may_return_null=1";
}

/* ---- Faults ---- */

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

/* A sanitizer has reported, and will end the process. */
static void
see_report(void)
{
	if (xp_active())
		xp_note_end();
}

/* Faults end the execution as a verdict. */
void
xp_crash_watch(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };
	struct sigaction action;

	if (__sanitizer_set_death_callback != NULL)
		__sanitizer_set_death_callback(see_report);
	if (__asan_init != NULL || __tsan_acquire != NULL)
		return;
	memset(&action, 0, sizeof(action));
	action.sa_sigaction = see_fault;
	action.sa_flags = (int)(SA_SIGINFO | SA_RESETHAND);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigaction(faults[i], &action, NULL);
}
