/* names.c - names of students, in folders and in pages */
/* SPDX-License-Identifier: MIT */
/*
 * A name may be anything that a folder can be called. A folder of results, a
 * shell, a table with tabs, a link and a page each take offence at something
 * else; the encoded name is safe for all of them, and two names never have
 * the same one. See names.h.
 */
#include "names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the character that begins here; 0 if it is not UTF-8. */
static size_t
character(const char *text, size_t left, unsigned long *code)
{
	static const unsigned long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *byte = (const unsigned char *)text;
	size_t length = byte[0] < 0x80 ? 1 : byte[0] >> 5 == 6 ? 2 :
		byte[0] >> 4 == 14 ? 3 : byte[0] >> 3 == 30 ? 4 : 0;

	if (length == 0 || length > left)
		return 0;
	*code = length == 1 ? byte[0] : byte[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if (byte[i] >> 6 != 2)
			return 0;
		*code = *code << 6 | (byte[i] & 0x3f);
	}
	if (*code < least[length] || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return length;
}

static bool
unfit(unsigned long code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) ||
		(code & 0xfffe) == 0xfffe;
}

bool
name_is_text(const char *name)
{
	size_t left = strlen(name), length;
	unsigned long code;

	for (; left > 0; name += length, left -= length) {
		length = character(name, left, &code);
		if (length == 0 || unfit(code))
			return false;
	}
	return true;
}

static bool
plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

bool
name_encode(const char *name, char *code, size_t size)
{
	size_t used = 0;

	for (const char *c = name; *c != '\0'; c++) {
		bool first = c == name && (*c == '.' || *c == '-');

		if (used + 4 > size)
			return false;
		if (plain(*c) && !first)
			code[used++] = *c;
		else
			used += (size_t)snprintf(code + used, size - used,
				"=%02X", (unsigned)(unsigned char)*c);
	}
	code[used] = '\0';
	return used > 0;
}

bool
name_decode(const char *code, char *name, size_t size)
{
	size_t used = 0;
	unsigned value;

	for (; *code != '\0'; code++) {
		if (used + 1 >= size)
			return false;
		if (plain(*code)) {
			name[used++] = *code;
		} else if (*code == '=' && strspn(code + 1,
		    "0123456789ABCDEF") >= 2) {
			if (sscanf(code + 1, "%2X", &value) != 1)
				return false;
			name[used++] = (char)value;
			code += 2;
		} else {
			return false;
		}
	}
	name[used] = '\0';
	return used > 0 && strchr(name, '/') == NULL;
}

void
name_print(FILE *page, const char *text, size_t left)
{
	unsigned long code;
	size_t length;

	for (; left > 0; text += length, left -= length) {
		length = character(text, left, &code);
		if (length == 0 || (unfit(code) && code != '\n' &&
		    code != '\t')) {
			fputs("\xef\xbf\xbd", page);
			length = length == 0 ? 1 : length;
			continue;
		}
		if (code == '<')
			fputs("&lt;", page);
		else if (code == '>')
			fputs("&gt;", page);
		else if (code == '&')
			fputs("&amp;", page);
		else if (code == '"')
			fputs("&quot;", page);
		else if (code == '\'')
			fputs("&#39;", page);
		else
			fwrite(text, 1, length, page);
	}
}
