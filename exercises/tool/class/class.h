/* class.h - the parts of the program that looks after a class */
/* SPDX-License-Identifier: MIT */
#ifndef CLASS_H
#define CLASS_H

#include <stdbool.h>
#include <stddef.h>

#define WHAT_SIZE 200

/* realloc, which ends the program where there is no memory. */
void *grown(void *memory, size_t size);

/* What was handed in for one exercise. */
struct answer {
	bool there;		/* a file that can be graded */
	char what[WHAT_SIZE];	/* sums; or "none"; or "bad: " and why */
	char *bytes;		/* the caller's to free; NULL if not there */
	size_t size;
};

/*
 * Reads folder/path, whatever it may be, without following a link, without
 * waiting for a pipe, and not more than a mebibyte.
 */
void answer_read(int folder, const char *path, struct answer *answer);

/* The same with the data beside it, NAME.csv: data may be NULL. */
void answer_read_both(int folder, const char *path, struct answer *answer,
	struct answer *data);

/* "NAME.csv" for "NAME.c". */
void answer_data_name(const char *path, char *data, size_t size);

int scan_class(const char *folder, const char *exercises);
int run_queue(int jobs, const char *list, char **command);
int run_guarded(char **command);
int print_pages(const char *out, const char *to);

#endif /* CLASS_H */
