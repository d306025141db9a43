/* escape.c - text that a student may have written, made harmless */
/* SPDX-License-Identifier: MIT */
#include "escape.h"

#include <stdbool.h>
#include <string.h>

/* The length of the character's UTF-8, and its number; 0 if it is none. */
static size_t
character(const unsigned char *text, unsigned long *number)
{
	static const unsigned long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = *text < 0x80 ? 1 : *text < 0xc0 ? 0 : *text < 0xe0 ? 2 :
	    *text < 0xf0 ? 3 : *text < 0xf8 ? 4 : 0;

	*number = length < 2 ? *text : *text & (0x7fUL >> length);
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*number = *number << 6 | (text[i] & 0x3f);
	}
	if (length == 0 || *number < least[length] || *number > 0x10ffff ||
	    (*number >= 0xd800 && *number < 0xe000))
		return 0;
	return length;
}

static bool
harmless(unsigned long number)
{
	if (number < 0x20 || (number >= 0x7f && number < 0xa0))
		return false;
	if (number == 0x2028 || number == 0x2029 || number == 0xfeff)
		return false;
	if (number == 0x61c || number == 0x200e || number == 0x200f ||
	    (number >= 0x202a && number <= 0x202e) ||
	    (number >= 0x2066 && number <= 0x2069))
		return false;
	return (number & 0xfffe) != 0xfffe &&
	    (number < 0xfdd0 || number > 0xfdef);
}

char *
clean(char *text)
{
	const unsigned char *from = (const unsigned char *)text;
	char *to = text;

	while (*from != '\0') {
		unsigned long number = 0;
		size_t length = character(from, &number);

		if (length > 0 && harmless(number)) {
			memmove(to, from, length);
			to += length;
		} else {
			*to++ = '?';
		}
		from += length > 0 ? length : 1;
	}
	*to = '\0';
	return text;
}

void
put_json(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte == '\n')
			fputs("\\n", out);
		else if (byte < ' ' || strchr("<>&", byte) != NULL)
			fprintf(out, "\\u%04x", byte);
		else if (byte == '"' || byte == '\\')
			fprintf(out, "\\%c", byte);
		else
			fputc(byte, out);
	}
	fputc('"', out);
}

void
put_xml(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '&': fputs("&amp;", out); break;
		case '"': fputs("&quot;", out); break;
		case '\'': fputs("&apos;", out); break;
		default: fputc(*text, out); break;
		}
}

/* Does a spreadsheet compute this, or show it as if it were so marked? */
static bool
like_a_formula(const char *text)
{
	static const char *const wide[] = {	/* + - = @ of full width */
		"\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\x9d", "\xef\xbc\xa0"
	};

	text += strspn(text, "' ");
	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++)
		if (strncmp(text, wide[i], 3) == 0)
			return true;
	return *text != '\0' && strchr("=+-@|%", *text) != NULL;
}

void
put_csv(FILE *out, const char *text)
{
	fputs(like_a_formula(text) ? "\"'" : "\"", out);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

void
put_yaml(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

void
put_tap(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '#' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
}

void
put_base64(FILE *out, const unsigned char *bytes, size_t size)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < size; i += 3) {
		unsigned long three = (unsigned long)bytes[i] << 16;

		if (i + 1 < size)
			three |= (unsigned long)bytes[i + 1] << 8;
		if (i + 2 < size)
			three |= bytes[i + 2];
		fputc(digits[three >> 18], out);
		fputc(digits[three >> 12 & 63], out);
		fputc(i + 1 < size ? digits[three >> 6 & 63] : '=', out);
		fputc(i + 2 < size ? digits[three & 63] : '=', out);
	}
}
