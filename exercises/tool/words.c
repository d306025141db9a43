/* words.c - how a process ended, in plain words */
/* SPDX-License-Identifier: MIT */
/*
 * What a learner should read instead of "Aborted" or of forty lines of
 * AddressSanitizer. A reason has the same bytes whenever the same answer is
 * graded, so that addresses and process numbers are masked; what the check
 * has printed is kept whole beside the report.
 */
#include "words.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* Copies up to the end of the line, with 0x... for every address. */
static void
copy_masked(char *to, size_t size, const char *from)
{
	size_t used = 0;

	while (*from != '\0' && *from != '\n' && used + 6 < size) {
		if (from[0] == '0' && from[1] == 'x') {
			memcpy(to + used, "0x...", 5);
			used += 5;
			from += 2;
			while (isxdigit((unsigned char)*from))
				from++;
		} else if (strncmp(from, "==", 2) == 0 &&
		    isdigit((unsigned char)from[2])) {
			from += 2 + strspn(from + 2, "0123456789");
			from += strspn(from, "=");
		} else {
			to[used++] = *from++;
		}
	}
	to[used] = '\0';
}

/* The last line that is not empty. */
static void
last_line(const char *output, char *line, size_t size)
{
	const char *found = "";

	while (*output != '\0') {
		if (*output != '\n')
			found = output;
		output += strcspn(output, "\n");
		output += *output == '\n';
	}
	copy_masked(line, size, found);
}

/* " (in FUNCTION, FILE:LINE)" of the first frame outside the checks. */
static void
first_place(const char *report, char *place, size_t size)
{
	static const char *const ours[] = { "suite.c", "scene.c", "watch.c" };
	char function[64], path[512];
	const char *line = report;

	place[0] = '\0';
	while ((line = strstr(line, "    #")) != NULL) {
		const char *file;
		bool skip = false;

		line += 5;
		if (sscanf(line, "%*d %*s in %63s %511s", function, path) != 2
		    || strstr(path, ".c:") == NULL)
			continue;
		file = strrchr(path, '/') == NULL ? path :
			strrchr(path, '/') + 1;
		for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
			skip = skip || (strstr(path, "exercises/tool/") !=
				NULL && strncmp(file, ours[i],
				strlen(ours[i])) == 0);
		if (skip)
			continue;
		snprintf(place, size, " (in %s, %s)", function, file);
		return;
	}
}

/* What AddressSanitizer and LeakSanitizer call it, and what it means. */
static const struct {
	const char *name, *meaning;
} errors[] = {
	{ "heap-use-after-free", "it used memory that had been freed" },
	{ "heap-buffer-overflow", "it went past the end of an allocation" },
	{ "attempting double-free", "it freed the same memory twice" },
	{ "attempting free on address",
		"it freed memory that it had not allocated" },
	{ "stack-use-after-scope",
		"it used a local variable after the end of its block" },
	{ "stack-use-after-return",
		"it used a local variable after its function had returned" },
	{ "stack-buffer-overflow",
		"it went past the end of a local variable" },
	{ "global-buffer-overflow",
		"it went past the end of a global variable" },
	{ "SEGV", "it touched memory that it may not" },
	{ "detected memory leaks", "it left memory that nobody can free" },
	{ "", "it did something that the sanitizer forbids" },
};

bool
words_of_sanitizer(const char *output, char *text, size_t size)
{
	const char *report = strstr(output, "Sanitizer: ");
	char first[256], place[640];
	size_t i = 0;

	if (report == NULL)
		return false;
	copy_masked(first, sizeof(first), report);
	while (strstr(first, errors[i].name) == NULL)
		i++;
	first_place(report, place, sizeof(place));
	snprintf(text, size, "%s%s", errors[i].meaning, place);
	return true;
}

static const char *
signal_words(int number)
{
	switch (number) {
	case SIGSEGV:
	case SIGBUS:
		return "crashed: it touched memory that it may not";
	case SIGFPE:
		return "crashed: it divided by zero";
	case SIGILL:
		return "crashed: it ran into something that is no program";
	case SIGXFSZ:
		return "wrote a file of more than 16 MiB";
	case SIGXCPU:
		return "used ten seconds of processor time and did not end";
	default:
		return "was ended by a signal that it sent itself";
	}
}

bool
words_for_end(int status, const char *output, bool sanitized, bool large,
	char *text, size_t size)
{
	char line[300];

	if (sanitized && strstr(output,
	    "LeakSanitizer has encountered a fatal error") != NULL)
		return false;
	if (sanitized && words_of_sanitizer(output, text, size))
		return true;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return false;
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGABRT) {
		snprintf(text, size, "%s%s", signal_words(WTERMSIG(status)),
			large ? ", when it had used 1 GiB of memory" : "");
		return true;
	}
	last_line(output, line, sizeof(line));
	if (WIFSIGNALED(status))
		snprintf(text, size, "the process was aborted%s%s",
			line[0] != '\0' ? ", with the words: " : "", line);
	else
		snprintf(text, size, "the process ended with status %d "
			"before the check was over", WEXITSTATUS(status));
	return true;
}
