/* quote.c - what a line of C operates on: pthread_mutex_lock(&queue->lock) */
/* SPDX-License-Identifier: MIT */
/*
 * An object on the heap has no symbol, but the line that uses it has a name
 * for it: the argument of the call, or what stands left of the assignment.
 * This is guessing on the text of one statement, not parsing of C. It may
 * find nothing (the caller then says "mutex 2"); it should not find what is
 * wrong, so it gives up when there are two candidates.
 *
 * Interface: xp_quote_object (by a call that fits the kind of object),
 * xp_quote_memory (an access: assigned, counted, or the only one there),
 * xp_quote_freed.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "picture.h"

#define QUOTE_MAX	36	/* longer names do not help */

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* A copy in which comments, strings and line ends are blanks. */
static char *
bare(const char *statement)
{
	char *copy = strdup(statement != NULL ? statement : ""), *p;

	for (p = copy; p != NULL && *p != '\0'; p++) {
		size_t n = 0;

		if (strncmp(p, "//", 2) == 0) {
			n = strcspn(p, "\n");
		} else if (strncmp(p, "/*", 2) == 0) {
			const char *end = strstr(p + 2, "*/");

			n = end != NULL ? (size_t)(end - p) + 2 : strlen(p);
		} else if (*p == '"') {
			n = strcspn(p + 1, "\"") + 1;
			n += p[n] == '"';
		} else if (isspace((unsigned char)*p)) {
			n = 1;
		}
		if (n > 0) {
			memset(p, ' ', n);
			p += n - 1;
		}
	}
	return copy;
}

/* ---- Arguments ---- */

/* Is this something that one would call an object in a sentence? */
static const char *
fit(const char *text, size_t length)
{
	while (length > 0 && (*text == ' ' || *text == '&')) {
		text++;
		length--;
	}
	if (length > 0 && *text == '(') {	/* a cast */
		const char *end = memchr(text, ')', length);

		if (end == NULL)
			return NULL;
		length -= (size_t)(end + 1 - text);
		return fit(end + 1, length);
	}
	while (length > 0 && text[length - 1] == ' ')
		length--;
	if (length == 0 || length > QUOTE_MAX ||
		!(isalpha((unsigned char)*text) || *text == '_' ||
		*text == '*'))
		return NULL;
	for (size_t i = 0; i < length; i++)
		if (!is_word(text[i]) && strchr("->.[]*+ ", text[i]) == NULL)
			return NULL;
	return xp_text("%.*s", (int)length, text);
}

/* Argument n, from 0, of the call whose bracket opens here. */
static const char *
argument(const char *open, unsigned n)
{
	const char *start = open + 1, *p;
	int depth = 0;

	for (p = start; *p != '\0'; p++) {
		if (depth == 0 && (*p == ',' || *p == ')')) {
			if (n == 0)
				return fit(start, (size_t)(p - start));
			if (*p == ')')
				return NULL;
			n--;
			start = p + 1;
		}
		depth += (*p == '(' || *p == '[') - (*p == ')' || *p == ']');
	}
	return NULL;
}

static bool
contains(const char *name, size_t length, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= length; i++)
		if (strncasecmp(name + i, word, n) == 0)
			return true;
	return false;
}

/* Does a function of this name work on that kind? With which argument? */
static bool
suits(const char *name, size_t length, unsigned kind, unsigned *n)
{
	static const char *const words[XP_OBJECT_KINDS][6] = {
		[XP_MUTEX] = { "lock", "mutex" },
		[XP_SPIN] = { "spin", "lock" },
		[XP_COND] = { "cond", "wait", "signal", "broadcast", "wake" },
		[XP_RWLOCK] = { "lock" },
		[XP_SEM] = { "sem" },
		[XP_ONCE_OBJECT] = { "once" },
		[XP_BARRIER_OBJECT] = { "barrier" },
		[XP_FUTEX] = { "futex", "syscall" },
		[XP_DESCRIPTOR] = { "read", "write", "recv", "send",
			"accept", "shutdown" },
		[XP_MEMORY] = { "atomic", "interlocked", "__sync" },
	};

	*n = 0;
	if (kind >= XP_OBJECT_KINDS)
		return false;
	if (kind == XP_MUTEX && contains(name, length, "wait")) {
		*n = 1;
		return true;
	}
	*n = contains(name, length, "syscall");	/* after its number */
	for (int i = 0; i < 6 && words[kind][i] != NULL; i++)
		if (contains(name, length, words[kind][i]))
			return true;
	return false;
}

/* The argument of the first call in it that suits. */
static const char *
find_call(const char *text, unsigned kind)
{
	for (const char *p = text; *p != '\0'; p++) {
		const char *name = p, *found;
		unsigned n;

		if (!is_word(*p))
			continue;
		while (is_word(*p))
			p++;
		if (*p == '\0')
			return NULL;
		if (*p == '(' && suits(name, (size_t)(p - name), kind, &n)) {
			found = argument(p, n);
			if (found != NULL)
				return found;
		}
	}
	return NULL;
}

/* "queue->lock", from a statement that calls something with it. */
const char *
xp_quote_object(const char *statement, unsigned kind)
{
	char *text = bare(statement);
	const char *found = text != NULL ? find_call(text, kind) : NULL;

	free(text);
	return found;
}

/* What is given to free: "item"; NULL if the statement does not free. */
const char *
xp_quote_freed(const char *statement)
{
	char *text = bare(statement), *call;
	const char *found = NULL;

	for (call = text; call != NULL && found == NULL;) {
		call = strstr(call, "free(");
		if (call == NULL)
			break;
		if (call == text || !is_word(call[-1]))
			found = argument(call + strlen("free"), 0);
		call++;
	}
	free(text);
	return found;
}

/* ---- Accesses ---- */

/* The end of a, a.b, a->b[i]. */
static const char *
lvalue_end(const char *p)
{
	for (;;) {
		while (is_word(*p))
			p++;
		if (*p == '[') {
			const char *close = strchr(p, ']');

			if (close == NULL)
				return p;
			p = close + 1;
		} else if (*p == '.' && is_word(p[1])) {
			p++;
		} else if (strncmp(p, "->", 2) == 0) {
			p += 2;
		} else {
			return p;
		}
	}
}

/* What stands after it: an assignment, a step, or neither? */
static bool
is_written(const char *start, const char *end, const char *text)
{
	end += strspn(end, " ");
	if (start >= text + 2 && (strncmp(start - 2, "++", 2) == 0 ||
		strncmp(start - 2, "--", 2) == 0))
		return true;
	if (strncmp(end, "++", 2) == 0 || strncmp(end, "--", 2) == 0)
		return true;
	if (*end != '\0' && strchr("+-*/%&|^", *end) != NULL)
		return end[1] == '=';
	return end[0] == '=' && end[1] != '=';
}

/* A word of the language, or a type before a name: no object. */
static bool
is_no_object(const char *start, const char *end)
{
	static const char *const words[] = {
		"if", "while", "for", "do", "return", "else", "case",
		"switch", "sizeof", "true", "false", "NULL"
	};

	if (isdigit((unsigned char)*start))
		return true;
	if (*end == '(')	/* item->callback() reads it */
		return memchr(start, '>', (size_t)(end - start)) == NULL;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i]) == (size_t)(end - start) &&
			strncmp(start, words[i], strlen(words[i])) == 0)
			return true;
	end += strspn(end, " *");
	return is_word(*end) && end[-1] == ' ';
}

/* The lvalue that is written, or the only one that may be read. */
static const char *
find_lvalue(const char *text, bool write)
{
	const char *only = NULL, *end;

	for (const char *p = text; *p != '\0'; p = end) {
		const char *quoted;

		end = p + 1;
		if (!is_word(*p))
			continue;
		end = lvalue_end(p);
		if (is_no_object(p, end) || (!write && end[0] != '+' &&
			end[0] != '-' && is_written(p, end, text)))
			continue;
		if (write && !is_written(p, end, text))
			continue;
		quoted = fit(p, (size_t)(end - p));
		if (quoted == NULL || write)
			return quoted;
		if (only != NULL && strcmp(only, quoted) != 0)
			return NULL;
		only = quoted;
	}
	return only;
}

/* "queue->head", from a statement that reads or writes it. */
const char *
xp_quote_memory(const char *statement, bool write)
{
	char *text = bare(statement);
	const char *found = NULL;

	if (text != NULL) {
		found = find_call(text, XP_MEMORY);
		if (found == NULL)
			found = find_lvalue(text, write);
	}
	free(text);
	return found;
}
