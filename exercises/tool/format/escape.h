/* escape.h - text that a student may have written, made harmless */
/* SPDX-License-Identifier: MIT */
/*
 * Two steps. clean() once, when a text is read: afterwards it is UTF-8, one
 * line, and nothing in it moves a cursor or turns the direction of writing.
 * Then each format escapes what is special to it, and loses nothing: a
 * reader of the format gets back what clean() has left.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stddef.h>
#include <stdio.h>

/*
 * In place: `?' for each byte that is not UTF-8, each control character (C0,
 * C1, DEL), what is no character, and the marks that reorder a line. Returns
 * the text.
 */
char *clean(char *text);

/* With its quotes. No <, > or & in it, nor a line end of JavaScript. */
void put_json(FILE *out, const char *text);

/* The inside of an element or of an attribute in double quotes. */
void put_xml(FILE *out, const char *text);

/*
 * With its quotes. RFC 4180; and ' before a text that a spreadsheet would
 * take for a formula, or that would look like one so marked.
 */
void put_csv(FILE *out, const char *text);

/* With its double quotes: a scalar of YAML 1.2. */
void put_yaml(FILE *out, const char *text);

/* A description or a reason of TAP 14: # and \ have a \ before them. */
void put_tap(FILE *out, const char *text);

/* One line, without its end. */
void put_base64(FILE *out, const unsigned char *bytes, size_t size);

#endif /* ESCAPE_H */
