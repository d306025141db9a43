/* SPDX-License-Identifier: MIT */
/*
 * http.h - what a request says: the part of HTTP/1.1 that httpd.c needs
 *
 * Text in, a struct out; nothing here reads, writes or keeps anything. What
 * comes in is from a stranger. Whatever is not plainly right is refused by
 * the status that the response will have; nothing is repaired or guessed.
 *
 * Interface: blank_length, head_length, parse_request, decode_path,
 * cut_range, in the order in which httpd.c calls them.
 */
#ifndef HTTP_H
#define HTTP_H

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct request {
	bool head_only;			/* HEAD, not GET */
	bool keep;			/* the connection, for more */
	bool body;			/* one follows */
	bool ranged;			/* only bytes first to last, or */
	bool from_end;			/* the last `last` bytes */
	bool if_range;			/* If-Range is there: send all */
	uint64_t first, last;
	int minor;			/* 1 of HTTP/1.1 */
	unsigned hosts;			/* Host lines */
	const char *target;		/* "/a%20b?c", inside the head */
};

/* Empty lines before a request mean nothing: how long they are. */
static inline size_t
blank_length(const char *text, size_t size)
{
	size_t n = 0;

	while (n < size && (text[n] == '\r' || text[n] == '\n'))
		n++;
	return n;
}

/* How long the head is, with the empty line at its end; 0: not all here. */
static inline size_t
head_length(const char *text, size_t size)
{
	for (size_t i = 1; i < size; i++)
		if (text[i] == '\n' && (text[i - 1] == '\n' || (i > 1 &&
		    text[i - 1] == '\r' && text[i - 2] == '\n')))
			return i + 1;
	return 0;
}

/* Cuts the next line off, without its end. Only the last may be empty. */
static inline char *
cut_line(char **rest)
{
	char *line = *rest, *end = line + strcspn(line, "\r\n");

	*rest = end + strspn(end, "\r\n");
	*end = '\0';
	return line;
}

/* A name, as HTTP has them: how long it is. */
static inline size_t
token_length(const char *text)
{
	size_t n = 0;

	while (isalnum((unsigned char)text[n]) ||
	    (text[n] != '\0' && strchr("!#$%&'*+-.^_`|~", text[n]) != NULL))
		n++;
	return n;
}

/* Does text begin with the word, which has no capitals? */
static inline bool
begins_with(const char *text, const char *word)
{
	while (*word != '\0' && tolower((unsigned char)*text) == *word)
		text++, word++;
	return *word == '\0';
}

/* Does a list such as "close, te" have the word, which has no capitals? */
static inline bool
lists(const char *list, const char *word)
{
	while (*list != '\0') {
		size_t length = token_length(list);

		if (length == strlen(word) && begins_with(list, word))
			return true;
		list += length + (length == 0);
	}
	return false;
}

/* "http://host/path" is as good as "/path"; NULL: neither. */
static inline const char *
origin_form(const char *target)
{
	if (begins_with(target, "http://"))
		target = strchr(target + 7, '/');
	return target != NULL && *target == '/' ? target : NULL;
}

/* "GET /path HTTP/1.1"; 200, or why not. */
static inline int
parse_first_line(char *line, struct request *request)
{
	size_t length = token_length(line);
	char *target = line + length + 1, *version;

	if (length == 0 || line[length] != ' ')
		return 400;
	version = strchr(target, ' ');
	if (version == NULL)
		return 400;
	*version++ = '\0';
	if (strncmp(version, "HTTP/", 5) != 0 ||
	    !isdigit((unsigned char)version[5]) || version[6] != '.' ||
	    !isdigit((unsigned char)version[7]) || version[8] != '\0')
		return 400;
	if (version[5] != '1')
		return 505;
	request->minor = version[7] - '0';
	request->keep = request->minor > 0;
	request->head_only = strncmp(line, "HEAD ", 5) == 0;
	if (!request->head_only && strncmp(line, "GET ", 4) != 0)
		return 405;
	request->target = origin_form(target);
	return request->target == NULL ? 400 : 200;
}

/* Reads digits, and moves behind them; what is too large is the largest. */
static inline bool
parse_number(const char **text, uint64_t *number)
{
	char *end;

	if (!isdigit((unsigned char)**text))
		return false;
	*number = strtoull(*text, &end, 10);
	*text = end;
	return true;
}

/* "bytes=2-5", "bytes=2-", "bytes=-3"; all else is as good as nothing. */
static inline void
parse_range(const char *text, struct request *request)
{
	bool first, last;

	request->ranged = false;	/* what a line before this one said */
	if (!begins_with(text, "bytes="))
		return;
	text += 6;
	first = parse_number(&text, &request->first);
	if (*text++ != '-')
		return;
	request->last = UINT64_MAX;
	last = parse_number(&text, &request->last);
	request->from_end = !first;
	request->ranged = *text == '\0' && (first || last) &&
		(!first || request->first <= request->last);
}

/* "Name: value"; 200, or why not. */
static inline int
parse_field(char *line, struct request *request)
{
	size_t length = token_length(line);
	const char *value = line + length + 1;

	if (length == 0 || line[length] != ':')
		return 400;
	value += strspn(value, " \t");
	if (begins_with(line, "host:")) {
		request->hosts++;
	} else if (begins_with(line, "connection:")) {
		request->keep = !lists(value, "close") &&
			(request->keep || lists(value, "keep-alive"));
	} else if (begins_with(line, "range:")) {
		parse_range(value, request);
	} else if (begins_with(line, "if-range:")) {
		request->if_range = true;
	} else if (begins_with(line, "transfer-encoding:")) {
		request->body = true;
	} else if (begins_with(line, "content-length:")) {
		if (value[strspn(value, "0123456789")] != '\0' ||
		    *value == '\0')
			return 400;
		request->body |= value[strspn(value, "0")] != '\0';
	}
	return 200;
}

/* Is this text, without surprises between its lines? */
static inline bool
is_text(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') ||
		    c == 0x7F || (c == '\r' && text[i + 1] != '\n'))
			return false;
	}
	return true;
}

/*
 * Reads a head of that length, cutting it into lines where it stands.
 * 200 and *request, or the status of an error.
 */
static inline int
parse_request(char *head, size_t length, struct request *request)
{
	char *rest = head, *line;
	int status, field = 200;

	if (!is_text(head, length))
		return 400;
	head[length - 1] = '\0';
	status = parse_first_line(cut_line(&rest), request);
	while (field == 200 && *(line = cut_line(&rest)) != '\0')
		field = parse_field(line, request);
	if (status == 400 || field != 200 || request->hosts > 1 ||
	    (request->minor > 0 && request->hosts == 0))
		return 400;
	return status == 200 && request->body ? 413 : status;
}

static inline int
hex(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = digit == '\0' ? NULL :
		strchr(digits, tolower((unsigned char)digit));

	return found == NULL ? -1 : (int)(found - digits);
}

/* May path name something? No part is empty or hidden, ".." is neither. */
static inline bool
is_plain(const char *path)
{
	for (; *path != '\0'; path++)
		if (*path == '\\' ||
		    (*path == '/' && (path[1] == '/' || path[1] == '.')))
			return false;
	return true;
}

/*
 * The path that a target means, without its query: "/a b". 200, or 400, or
 * 404: it names nothing here. A slash or a NUL that was hidden in an escape
 * is never a part of a name.
 */
static inline int
decode_path(const char *target, char *path, size_t size)
{
	size_t n = 0;

	for (; *target != '\0' && *target != '?'; target++) {
		char c = *target;

		if (n + 1 >= size)
			return 404;
		if (c == '%') {
			int high = hex(target[1]);
			int low = high < 0 ? -1 : hex(target[2]);

			if (low < 0 || high * 16 + low == 0)
				return 400;
			c = (char)(high * 16 + low);
			if (c == '/')
				return 404;
			target += 2;
		}
		path[n++] = c;
	}
	path[n] = '\0';
	return is_plain(path) ? 200 : 404;
}

/*
 * Which bytes of so many the response has: *count from *first on. 200: all,
 * 206: some, 416: there are no such bytes.
 */
static inline int
cut_range(const struct request *request, uint64_t size, uint64_t *first,
	uint64_t *count)
{
	*first = 0;
	*count = size;
	if (!request->ranged || request->if_range || request->head_only)
		return 200;
	if (request->from_end) {
		*count = request->last < size ? request->last : size;
		*first = size - *count;
	} else if (request->first < size) {
		*first = request->first;
		*count = size - *first;
		if (request->last - *first < *count)
			*count = request->last - *first + 1;
	} else {
		*count = 0;
	}
	return *count > 0 ? 206 : 416;
}

#endif /* HTTP_H */
