/* names.h - names of students, in folders and in pages */
/* SPDX-License-Identifier: MIT */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define NAME_SIZE 256		/* of an encoded name, with its end */

/*
 * Is it text that a line and a page can hold: UTF-8 without control
 * characters and without what XML forbids?
 */
bool name_is_text(const char *name);

/*
 * The name as a folder and in a link: letters, digits, ".", "_" and "-" are
 * themselves, anything else and a "." or "-" at the beginning is =XX. False
 * if that is too long.
 */
bool name_encode(const char *name, char *code, size_t size);

/* The other way; false if it is no encoded name. */
bool name_decode(const char *code, char *name, size_t size);

/* Text for a page: what is not UTF-8 becomes U+FFFD, controls but \n too. */
void name_print(FILE *page, const char *text, size_t length);

#endif /* NAMES_H */
