/* render.c - prints results in the format that a platform or a tool reads */
/* SPDX-License-Identifier: MIT */
/*
 * usage: render FORMAT [-t SECONDS] [-n NAME] RESULT.tsv ...
 *        render rows -H
 *
 * FORMAT is gradescope, classroom, autolab, junit, tap, csv or rows. All
 * results go into one document; -n names the student of those that follow it,
 * -t is the execution_time that Gradescope shows, which is no part of a
 * result, since it would differ each time. -H prints the header of rows.
 *
 * Nothing is printed unless every file could be read. The exit status is 2
 * then, or if it is called in another way, and 3 if it cannot write; what the
 * results say makes no difference.
 */
#include "escape.h"
#include "render.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	void (*put)(FILE *out, const struct batch *batch);
} formats[] = {
	{ "gradescope", put_gradescope },
	{ "classroom", put_classroom },
	{ "autolab", put_autolab },
	{ "junit", put_junit },
	{ "tap", put_tap14 },
	{ "csv", put_checks },
	{ "rows", put_rows },
};

#define FORMATS (sizeof(formats) / sizeof(*formats))

static int
usage(void)
{
	fputs("usage: render FORMAT [-t SECONDS] [-n NAME] RESULT.tsv ...\n"
		"       render rows -H\nFORMAT is", stderr);
	for (size_t i = 0; i < FORMATS; i++)
		fprintf(stderr, "%s %s", i > 0 ? "," : "", formats[i].name);
	fputs(".\n", stderr);
	return 2;
}

static size_t
find_format(const char *name)
{
	size_t i = 0;

	while (i < FORMATS && strcmp(formats[i].name, name) != 0)
		i++;
	return i;
}

/* Digits, and perhaps a point and digits: a number of JSON. */
static bool
is_seconds(const char *text)
{
	size_t whole = strspn(text, "0123456789"), part = 0;

	if (text[whole] == '.')
		part = strspn(text + whole + 1, "0123456789");
	return whole > 0 && whole < 10 && part < 10 &&
	    (*text != '0' || whole == 1) &&
	    text[whole + (part > 0 ? part + 1 : 0)] == '\0';
}

static bool
add_result(struct batch *batch, const char *file, const char *student)
{
	struct result *result = &batch->results[batch->count++];

	if (!result_read(result, file))
		return false;
	result->student = student;
	batch->error = batch->error || result->error;
	if (points_add(&batch->points, result->points) &&
	    points_add(&batch->max, result->max))
		return true;
	fprintf(stderr, "render: %s: the points cannot be added up\n", file);
	return false;
}

/* An object of JSON has each key once. */
static bool
ids_differ(const struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(batch->results[i].id,
			    batch->results[j].id) == 0) {
				fprintf(stderr, "render: %s: exercise %s is "
					"there already, and Autolab has a "
					"problem once\n",
					batch->results[i].file,
					batch->results[i].id);
				return false;
			}
	return true;
}

/* The exit status so far: 0, or 2 if something cannot be read. */
static int
read_arguments(struct batch *batch, char *arguments[])
{
	const char *student = "";

	for (; *arguments != NULL; arguments++) {
		if (strcmp(*arguments, "-n") == 0 && arguments[1] != NULL) {
			student = clean(*++arguments);
		} else if (strcmp(*arguments, "-t") == 0 &&
		    arguments[1] != NULL && is_seconds(arguments[1])) {
			batch->seconds = *++arguments;
		} else if (**arguments == '-') {
			return usage();
		} else if (!add_result(batch, *arguments, student)) {
			return 2;
		}
	}
	return batch->count > 0 ? 0 : usage();
}

static int
written(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	perror("render");
	return 3;
}

int
main(int argc, char *argv[])
{
	struct batch batch = { .points = { 0, 1 }, .max = { 0, 1 } };
	size_t format = argc > 1 ? find_format(argv[1]) : FORMATS;
	int status;

	if (format == FORMATS)
		return usage();
	if (argc == 3 && formats[format].put == put_rows &&
	    strcmp(argv[2], "-H") == 0) {
		put_rows_head(stdout);
		return written();
	}
	batch.results = calloc((size_t)argc, sizeof(*batch.results));
	if (batch.results == NULL) {
		perror("render");
		return 3;
	}
	status = read_arguments(&batch, argv + 2);
	if (status == 0 && formats[format].put == put_autolab &&
	    !ids_differ(&batch))
		status = 2;
	if (status == 0) {
		formats[format].put(stdout, &batch);
		status = written();
	}
	for (size_t i = 0; i < batch.count; i++)
		result_free(&batch.results[i]);
	free(batch.results);
	return status;
}
