/* suite.c - main of the checks' program: one check, one result */
/* SPDX-License-Identifier: MIT */
/*
 * The grader starts this program once for each check, and passes on
 * descriptor 3 a line: a one-time password, the number of the descriptor on
 * which the result is to be written, the mode, and the name of the check.
 * A result is a line that begins with the password; the grader believes
 * nothing else. So a submission that ends the process, or that writes into
 * every descriptor it finds, passes no check.
 *
 *	PASSWORD pass
 *	PASSWORD fail TEXT	what has happened
 *	PASSWORD await TEXT	what the check waits for from now on
 *	PASSWORD left TEXT	what is still there after the check
 *
 * By hand: PROGRAM CHECK [memory | quiescence] runs a check and writes the
 * result to standard error, under a debugger for instance.
 *
 * Linked with the explorer, the program runs the check once per execution,
 * each in a child process. The explorer's driver alone knows the password
 * then: it reads the line, and writes the result when all is over.
 */
#define _DEFAULT_SOURCE		/* MAP_ANONYMOUS */
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "explore.h"
#include "suite.h"
#include "watch.h"

#define CONTROL 3
#define LONGEST 800		/* bytes of a result's text */
#define SETTLED 2		/* seconds in which a thread should end */

/* Weak: there only if the program is linked with them. */
#pragma weak tp_dispatcher_start
unsigned tp_dispatcher_start(void);
#pragma weak __lsan_do_recoverable_leak_check
int __lsan_do_recoverable_leak_check(void);

/* Read-only once main has begun. */
static char password[64] = "result:";
static char mode[16] = "natively";
static char name[128];
static int channel = STDERR_FILENO;
static pid_t self;

static atomic_bool decided;

/* What an execution has said last; shared with the driver, which tells it. */
static struct saying {
	char what[8], text[LONGEST + 1];
} *saying;

/* Is it explored in place of a native run? Then failures have its words. */
static bool
in_order(void)
{
	return strncmp(mode, "contract", 8) == 0 ||
		strcmp(mode, "memory") == 0 || strcmp(mode, "quiescence") == 0;
}

bool
one_of_many(void)
{
	return explore_active() && !in_order();
}

/* Writes one line; a child that the answer has forked may not. */
static void
tell(const char *what, const char *text)
{
	char line[LONGEST + 128];
	int length;

	if (getpid() != self)
		_exit(EXIT_FAILURE);
	length = snprintf(line, sizeof(line), "%s %s %.*s\n", password,
		what, LONGEST, text);
	for (char *c = line; c < line + length - 1; c++)
		if (*c == '\n' || *c == '\t')
			*c = ' ';
	if (write(channel, line, (size_t)length) != length)
		_exit(EXIT_FAILURE);
}

/* The first result is the only one: later threads stop here. */
static void
decide(void)
{
	if (atomic_exchange(&decided, true))
		for (;;)
			pause();
}

/* In an execution, in the place of tell. */
static void
say(const char *what, const char *text)
{
	snprintf(saying->what, sizeof(saying->what), "%s", what);
	snprintf(saying->text, sizeof(saying->text), "%s", text);
}

_Noreturn void
suite_fail(const char *format, ...)
{
	char text[LONGEST + 1];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (explore_active()) {
		say("fail", text);
		explore_fail_with(text);
	}
	decide();
	tell("fail", text);
	_exit(EXIT_SUCCESS);
}

void
awaiting(const char *what)
{
	(explore_active() ? say : tell)("await", what == NULL ? "" : what);
}

static void
control(int argc, char **argv)
{
	char line[256];
	ssize_t length;

	self = getpid();
	if (argc > 1) {
		snprintf(name, sizeof(name), "%s", argv[1]);
		if (argc > 2)
			snprintf(mode, sizeof(mode), "%s", argv[2]);
		return;
	}
	length = read(CONTROL, line, sizeof(line) - 1);
	close(CONTROL);
	if (length <= 0)
		exit(2);
	line[length] = '\0';
	if (sscanf(line, "%63s %d %15s %127s", password, &channel, mode,
	    name) != 4)
		exit(2);
	memset(line, 0, sizeof(line));
	fcntl(channel, F_SETFD, FD_CLOEXEC);
}

static void
tell_left(const struct watch_state *before, const struct watch_state *now)
{
	char text[LONGEST] = "";
	int used = 0;
	const struct {
		long count;
		const char *one, *many;
	} left[] = {
		{ now->threads - before->threads, "thread", "threads" },
		{ now->allocations - before->allocations, "allocation",
			"allocations" },
		{ now->descriptors - before->descriptors, "descriptor",
			"descriptors" },
	};

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		if (left[i].count > 0)
			used += snprintf(text + used,
				sizeof(text) - (size_t)used, "%s%ld %s",
				used > 0 ? ", " : "", left[i].count,
				left[i].count == 1 ? left[i].one :
				left[i].many);
	if (explore_active())
		suite_fail("left behind: %s", text);
	tell("left", text);
}

static struct watch_state before;

static void
still_there(const struct watch_state *now)
{
	tell_left(&before, now);
}

/* Waits until the check's leavings are gone; who watches sees a hang. */
static void
settle(void)
{
	struct watch_state after;

	watch_settle(&before, still_there);
	watch_state(&after);
	if (after.descriptors > before.descriptors) {
		decide();
		tell_left(&before, &after);
		_exit(EXIT_SUCCESS);
	}
}

/* Explored: whoever is to end has had the time. */
static void
settle_explored(void)
{
	struct watch_state after;

	sleep(SETTLED);
	explore_await_still();
	watch_state(&after);
	if (after.threads > before.threads ||
	    after.allocations > before.allocations ||
	    after.descriptors > before.descriptors)
		tell_left(&before, &after);
}

static void
look_for_leaks(void)
{
	if (__lsan_do_recoverable_leak_check == NULL ||
	    __lsan_do_recoverable_leak_check() == 0)
		return;
	if (explore_active())
		suite_fail("it left memory that nobody can free");
	_exit(77);	/* its report is on standard error */
}

/* In the explorer's driver, before and after all executions. */
void
explore_begin(int argc, char **argv)
{
	control(argc, argv);
	saying = mmap(NULL, sizeof(*saying), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (saying == MAP_FAILED)
		exit(2);
}

void
explore_end(const char *verdict, const char *text)
{
	struct saying said = *saying;

	said.what[sizeof(said.what) - 1] = '\0';
	said.text[LONGEST] = '\0';
	if (in_order() && strcmp(verdict, "assertion") == 0 &&
	    strcmp(said.what, "fail") == 0)
		text = said.text;
	if (in_order())
		tell("await", strcmp(said.what, "await") == 0 ? said.text : "");
	tell(verdict, text);
}

/* What is there before the check, and stays. */
static void
prepare(void)
{
	if (tp_dispatcher_start != NULL)
		tp_dispatcher_start();
	if (suite_prepare != NULL)
		suite_prepare();
}

/* In an execution: nothing here can tell a result but the explorer. */
static void
run_explored(const struct suite_check *check)
{
	memset(password, 0, sizeof(password));
	if (channel > STDERR_FILENO)
		close(channel);
	prepare();
	watch_state(&before);
	check->body();
	awaiting(NULL);
	if (strcmp(mode, "quiescence") == 0)
		settle_explored();
	if (strcmp(mode, "memory") == 0)
		look_for_leaks();
	explore_finish_line();
}

int
main(int argc, char **argv)
{
	const struct suite_check *check = suite_checks;

	if (!explore_active())
		control(argc, argv);
	while (check->name != NULL && strcmp(check->name, name) != 0)
		check++;
	if (check->name == NULL) {
		fprintf(stderr, "%s: no such check\n", name);
		return 2;
	}
	if (explore_active()) {
		run_explored(check);
		return EXIT_SUCCESS;
	}
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	prepare();
	watch_state(&before);
	check->body();
	awaiting(NULL);
	if (strcmp(mode, "quiescence") == 0)
		settle();
	if (strcmp(mode, "memory") == 0)
		look_for_leaks();
	decide();
	tell("pass", "");
	_exit(EXIT_SUCCESS);
}
