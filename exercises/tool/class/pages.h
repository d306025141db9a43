/* pages.h - what the parts that write a class's pages share */
/* SPDX-License-Identifier: MIT */
#ifndef PAGES_H
#define PAGES_H

#include <stdio.h>

#include "results.h"

/* A file of that name in that folder; ends the program if it cannot. */
FILE *page_open(const char *folder, const char *name);
void page_close(FILE *file);

/* Text; what a page takes for its own is escaped. */
void page_text(FILE *page, const char *text);

void page_begin(FILE *page, const char *title);
void page_end(FILE *page);

/* Why there is no answer: nothing was handed in, or nothing that is one. */
const char *page_nothing(const struct class *class, const struct unit *unit);

void print_gradebook(const struct class *class, const char *to);
void print_student(const struct class *class, const struct student *student,
	const char *to);

#endif /* PAGES_H */
