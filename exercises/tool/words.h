/* words.h - how a process ended, in plain words */
/* SPDX-License-Identifier: MIT */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes why a check's process ended before it had a result: status as
 * from waitpid, output what it has printed, sanitized if that may be a
 * sanitizer's report, large if it had used nearly all the memory that it
 * may. False if it was not its own doing.
 */
bool words_for_end(int status, const char *output, bool sanitized, bool large,
	char *text, size_t size);

/* The same for a sanitizer's report; false if there is none in the output. */
bool words_of_sanitizer(const char *output, char *text, size_t size);

#endif /* WORDS_H */
