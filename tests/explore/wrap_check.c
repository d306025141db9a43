/* wrap_check.c - Check's assertions, in an explored test */
/* SPDX-License-Identifier: MIT */
/*
 * A failed assertion of Check leaves the test by longjmp, which is wrong on
 * any thread but the one that runs the test, or ends a process that Check
 * has forked. An explored test runs without Check: the assertion's words are
 * the verdict. Only suites are linked with this file.
 */
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "shadow.h"

_Noreturn void __real__ck_assert_failed(const char *file, int line,
	const char *expression, const char *message, ...);
_Noreturn void __wrap__ck_assert_failed(const char *file, int line,
	const char *expression, const char *message, ...);
void __real__mark_point(const char *file, int line);
void __wrap__mark_point(const char *file, int line);

/* Check allocates while the suite is made: that is not the test's. */
__attribute__((constructor)) static void
let_faults_wait(void)
{
	xp_faults_wait = true;
}

void
__wrap__ck_assert_failed(const char *file, int line, const char *expression,
	const char *message, ...)
{
	char words[XP_TEXT];
	va_list arguments;

	snprintf(words, sizeof(words), "%s", expression);
	if (message != NULL) {
		va_start(arguments, message);
		vsnprintf(words, sizeof(words), message, arguments);
		va_end(arguments);
	}
	if (xp_active())
		xp_verdict(XP_ASSERTION, "%s", words);
	__real__ck_assert_failed(file, line, "%s", words);
}

void
__wrap__mark_point(const char *file, int line)
{
	if (!xp_active())
		__real__mark_point(file, line);
}
