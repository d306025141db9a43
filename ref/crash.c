/* crash.c - a crash in a callback is the callback's, not the pool's */
/* SPDX-License-Identifier: MIT */
/*
 * Who looks at a program that has crashed finds a thread that the program
 * has not made, and suspects the pool. The checking build says in one line
 * which callback it was, and then lets the signal end the program as it
 * would have. A crash outside of callbacks says nothing here.
 *
 * Interface: tp_crash_watch, tp_crash_explained: see misuse.h. Without TP_CHECK
 * this file is empty; and with a sanitizer, which handles the signals itself,
 * and says more.
 *
 * A signal that the program handles, or ignores, is the program's: only
 * those whose disposition is the default are watched. The handler calls
 * nothing but what POSIX allows in one, and takes no lock: it reads the
 * object of the callback that it interrupts, which that callback keeps.
 */
#include "engine.h"
#include "trace.h"

#if TP_CHECK && !TP_SANITIZED

#include <signal.h>
#include <unistd.h>

static const struct {
	int number;
	const char *name;
} watched[] = {
	{ SIGSEGV, "SIGSEGV" }, { SIGBUS, "SIGBUS" }, { SIGFPE, "SIGFPE" },
	{ SIGILL, "SIGILL" }, { SIGABRT, "SIGABRT" },
};

#define WATCHED	(sizeof(watched) / sizeof(watched[0]))

static pthread_once_t watch_once = PTHREAD_ONCE_INIT;

/* Has this thread said already why it is about to call abort()? */
static _Thread_local volatile sig_atomic_t explained;

/* ---- A line of text, without the help of stdio ---- */

struct line {
	char text[256];
	size_t length;
};

static void
add(struct line *line, const char *text)
{
	while (*text != '\0' && line->length < sizeof(line->text))
		line->text[line->length++] = *text++;
}

static void
add_number(struct line *line, uintptr_t number, unsigned base)
{
	char digits[32];
	size_t start = sizeof(digits) - 1;

	digits[start] = '\0';
	do {
		digits[--start] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number > 0);
	add(line, &digits[start]);
}

static void
add_name(struct line *line, const struct tp_object *object)
{
	add(line, object->ops->kind);
	if (object->number == TP_UNNUMBERED)
		return;
	add(line, " ");
	add_number(line, object->number, 10);
}

/* ---- The signal ---- */

static void
report(const char *name, const struct tp_object *object)
{
	struct line line = { .length = 0 };

	add(&line, "threadpool: error crash: callback(0x");
	add_number(&line, (uintptr_t)object->code, 16);
	add(&line, "): ");
	add(&line, name);
	add(&line, " (");
	add_name(&line, object);
	add(&line, ") [DIAG-09]; look for the cause there, not in the pool\n");
	/* Nobody could be told that it failed. */
	(void)!write(STDERR_FILENO, line.text, line.length);
}

/* By now the disposition is the default again: raise() ends the program. */
static void
attribute(int number)
{
	TP_CALLBACK_INSTANCE *instance = tp_current_instance();

	for (size_t i = 0; i < WATCHED && instance != NULL && !explained; i++)
		if (watched[i].number == number)
			report(watched[i].name, instance->object);
	(void)raise(number);
}

static void
watch(void)
{
	struct sigaction attributing = { .sa_handler = attribute,
		.sa_flags = (int)SA_RESETHAND | SA_NODEFER }, before;

	(void)sigemptyset(&attributing.sa_mask);
	for (size_t i = 0; i < WATCHED; i++)
		if (sigaction(watched[i].number, NULL, &before) == 0 &&
		    (before.sa_flags & SA_SIGINFO) == 0 &&
		    before.sa_handler == SIG_DFL)
			(void)sigaction(watched[i].number, &attributing,
				NULL);
}

/* See misuse.h. */
void
tp_crash_watch(void)
{
	(void)pthread_once(&watch_once, watch);
}

/* See misuse.h. */
void
tp_crash_explained(void)
{
	explained = 1;
}

#else

/* ISO C wants a translation unit to declare something. */
typedef int tp_crash_is_not_built;

#endif /* TP_CHECK && !TP_SANITIZED */
