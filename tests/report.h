/* report.h - what the suites of misuse have in common */
/* SPDX-License-Identifier: MIT */
/*
 * Each scene runs in a child process and makes one mistake. An error must end
 * it by abort(), a warning let it go on; both having written one line to
 * standard error: severity, code, the call and its argument, what is wrong,
 * the rule, and what to do instead. The codes are for programs to look for:
 * they never change.
 *
 * In a build without TP_CHECK none of this is detected.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdio.h>

#include "harness.h"

/* The report of a scene is one line, by this severity, code, call and rule. */
static inline void
judge_report(const char *report, const char *severity, const char *code,
	const char *call, const char *rule)
{
	char start[128], cited[32];

	snprintf(start, sizeof(start), "threadpool: %s %s: %s(", severity,
		code, call);
	snprintf(cited, sizeof(cited), " [%s]; ", rule);
	ck_assert_msg(strncmp(report, start, strlen(start)) == 0,
		"expected %s...) and got: %s", start, report);
	ck_assert_msg(strstr(report, cited) != NULL,
		"expected the rule%sand got: %s", cited, report);
	ck_assert_msg(strchr(report, '\n') == report + strlen(report) - 1,
		"expected one line and got: %s", report);
}

/* The scene must be reported in this way, and ended by abort(). */
static inline void
expect_report(void (*scene)(void *argument), const char *code,
	const char *call, const char *rule)
{
	judge_report(report_of(scene, NULL, true), "error", code, call,
		rule);
}

/* The scene must be reported in this way, go on, and end by itself. */
static inline void
expect_warning(void (*scene)(void *argument), const char *code,
	const char *call, const char *rule)
{
	judge_report(report_of(scene, NULL, false), "warning", code, call,
		rule);
}

/* Nothing must be said about the scene, which ends by itself. */
static inline void
expect_no_report(void (*scene)(void *argument))
{
	ck_assert_str_eq(report_of(scene, NULL, false), "");
}

static inline VOID CALLBACK
do_nothing(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)context;
	(void)work;
}

static inline VOID CALLBACK
do_nothing_simple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
}

static inline PTP_WORK
some_work(void)
{
	return CreateThreadpoolWork(do_nothing, NULL, NULL);
}

/* Sleeps for ever: some callback is expected to end the program. */
static inline void
wait_for_the_end(void)
{
	WaitForSingleObject(CreateEventA(NULL, TRUE, FALSE, NULL), INFINITE);
}

/* Runs the callback, which is expected not to return. */
static inline void
run_work(PTP_WORK_CALLBACK callback)
{
	SubmitThreadpoolWork(CreateThreadpoolWork(callback, NULL, NULL));
	wait_for_the_end();
}

static inline void
run_simple(PTP_SIMPLE_CALLBACK callback)
{
	TrySubmitThreadpoolCallback(callback, NULL, NULL);
	wait_for_the_end();
}

#endif /* REPORT_H */
