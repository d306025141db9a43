/* said.h - what the dump says to a command, for the suites about it */
/* SPDX-License-Identifier: MIT */
/*
 * The text as it is, and masked: without what differs from run to run.
 *
 * Everything here is inline, as in the other headers of this folder.
 */
#ifndef SAID_H
#define SAID_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"

#include "../ref/dump.h"

static char text[1 << 18], masked[1 << 18];	/* of the last command */

/* Copies, with 0x... for addresses and T for times from now on. */
static inline void
mask(const char *from, char *to)
{
	while (*from != '\0') {
		size_t digits = 0;
		char unit[3] = "";

		if (strncmp(from, "0x", 2) == 0) {
			to += sprintf(to, "0x...");
			from += 2 + strspn(from + 2, "0123456789abcdef");
			continue;
		}
		if (strncmp(from, "in ", 3) == 0)
			digits = strspn(from + 3, "0123456789");
		if (digits > 0 && sscanf(from + 3 + digits, " %2[ms]",
		    unit) == 1) {
			to += sprintf(to, "in T");
			from += 3 + digits + 1 + strlen(unit);
			continue;
		}
		*to++ = *from++;
	}
	*to = '\0';
}

/* Its text, masked; its result must be this. */
static inline const char *
said(int result, const char *command, ...)
{
	FILE *stream = fmemopen(text, sizeof(text), "w");
	char line[128];
	va_list arguments;

	va_start(arguments, command);
	vsnprintf(line, sizeof(line), command, arguments);
	va_end(arguments);
	ck_assert_ptr_nonnull(stream);
	ck_assert_int_eq(tp_dump_command(stream, line), result);
	fclose(stream);
	mask(text, masked);
	return masked;
}

#endif /* SAID_H */
