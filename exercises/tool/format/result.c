/* result.c - reads a result.tsv, or says what is wrong with it */
/* SPDX-License-Identifier: MIT */
#include "result.h"

#include "escape.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST (16L << 20)	/* bytes of a file; a result has thousands */
#define FIELDS 16		/* more than any line has */

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static const char *const verdict_words[] = {
	"pass", "fail", "timeout", "skip", "error"
};

/* Where the reader is. */
struct reader {
	struct result *result;
	char *next;		/* what has not been read */
	unsigned long line;
	char *field[FIELDS];
	int fields;
	struct points points, max;	/* of all items */
};

const char *
verdict_word(enum verdict verdict)
{
	return verdict_words[verdict];
}

static bool
refuse(const struct reader *reader, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "render: %s:%lu: ", reader->result->file, reader->line);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return false;
}

/* The whole file, and a 0 behind it; NULL, and a sentence, if that fails. */
static char *
whole_file(const char *name, size_t *size)
{
	FILE *file = fopen(name, "rb");
	char *text = NULL;

	if (file == NULL) {
		fprintf(stderr, "render: %s: %s\n", name, strerror(errno));
		return NULL;
	}
	text = malloc(LARGEST + 1);
	if (text == NULL) {
		fprintf(stderr, "render: no memory for %s\n", name);
		fclose(file);
		return NULL;
	}
	*size = fread(text, 1, LARGEST + 1, file);
	if (ferror(file) || *size > LARGEST) {
		fprintf(stderr, "render: %s: %s\n", name, *size > LARGEST ?
			"more than 16 MiB cannot be a result" :
			"it cannot be read");
		free(text);
		text = NULL;
	} else {
		char *fitting = realloc(text, *size + 1);

		text = fitting != NULL ? fitting : text;
		text[*size] = '\0';
	}
	fclose(file);
	return text;
}

/* Splits the next line into its fields, at the tabs. */
static bool
next_line(struct reader *reader)
{
	char *at = reader->next;

	reader->line++;
	reader->fields = 0;
	if (*at == '\0')
		return refuse(reader, "the file ends before the line `total'");
	reader->field[reader->fields++] = at;
	for (; *at != '\n'; at++) {
		if (*at == '\0')
			return refuse(reader, "the last line has no end: the "
				"file was cut off");
		if (*at == '\t' && reader->fields == FIELDS)
			return refuse(reader, "the line has too many fields");
		if (*at == '\t') {
			*at = '\0';
			reader->field[reader->fields++] = at + 1;
		} else if ((unsigned char)*at < ' ' || *at == 127) {
			return refuse(reader, "a control character is in the "
				"line (byte %d)", (unsigned char)*at);
		}
	}
	*at = '\0';
	reader->next = at + 1;
	return true;
}

/* The next line must be one of this kind, with so many fields after it. */
static bool
expect(struct reader *reader, const char *kind, int fields)
{
	if (strcmp(reader->field[0], kind) != 0)
		return refuse(reader, "a line `%s' must be here", kind);
	if (reader->fields != fields + 1)
		return refuse(reader, "a line `%s' has %d fields after that "
			"word, not %d", kind, fields, reader->fields - 1);
	return true;
}

/* Reads up to six digits, as a number without a leading 0. */
static bool
whole_number(const char **text, long long *number)
{
	const char *from = *text;

	*number = 0;
	while (**text >= '0' && **text <= '9' && *text - from < 6)
		*number = *number * 10 + *(*text)++ - '0';
	return *text > from && (*from != '0' || *text == from + 1);
}

/* `2', `1/3', `1 2/3'. */
static bool
parse_points(const char *text, struct points *points)
{
	long long whole = 0;

	points->bottom = 1;
	if (!whole_number(&text, &points->top))
		return false;
	if (*text == ' ') {
		text++;
		whole = points->top;
		if (whole == 0 || !whole_number(&text, &points->top) ||
		    *text != '/')
			return false;
	}
	if (*text == '/') {
		text++;
		if (!whole_number(&text, &points->bottom) ||
		    points->top == 0 || points->top >= points->bottom)
			return false;
	}
	points->top += whole * points->bottom;
	return *text == '\0';
}

static bool
read_points(const struct reader *reader, const char *text,
	struct points *points)
{
	struct points sum = { 0, 1 };

	if (!parse_points(text, points) || !points_add(&sum, *points))
		return refuse(reader, "these are no points: `%s'",
			clean((char *)text));
	*points = sum;
	return true;
}

static bool
read_verdict(const struct reader *reader, const char *text,
	enum verdict *verdict)
{
	for (int i = PASS; i <= ERROR; i++)
		if (strcmp(text, verdict_words[i]) == 0) {
			*verdict = (enum verdict)i;
			return true;
		}
	return refuse(reader, "this is no verdict: `%s'", clean((char *)text));
}

/* A word that may be part of a key: letters, digits and _. */
static bool
is_name(const char *text)
{
	return *text != '\0' && strspn(text, LETTERS "_") == strlen(text);
}

/* `-', or a number, a schedule, a file of the output folder. */
static bool
check_traces(struct reader *reader, const struct item *item)
{
	size_t digits = strspn(item->schedules, "0123456789");

	if (strcmp(item->schedules, "-") != 0 && (digits == 0 || digits > 9 ||
	    item->schedules[digits] != '\0' ||
	    (*item->schedules == '0' && digits > 1)))
		return refuse(reader, "the schedules are counted, or `-'");
	if (strspn(item->replay, LETTERS "!+-") != strlen(item->replay) ||
	    *item->replay == '\0')
		return refuse(reader, "this is no schedule: `%s'",
			item->replay);
	if (strcmp(item->trace, "-") != 0 &&
	    (strncmp(item->trace, "output/", 7) != 0 ||
	    strspn(item->trace + 7, LETTERS "_-.") != strlen(item->trace + 7)))
		return refuse(reader, "a trace is a file in output/");
	return true;
}

static bool
check_item(struct reader *reader, const struct item *item)
{
	const struct result *result = reader->result;

	if (!is_name(item->stage) || !is_name(item->name))
		return refuse(reader, "a stage and a check have names of "
			"letters, digits and _");
	for (size_t i = 0; i < result->count; i++)
		if (strcmp(result->items[i].name, item->name) == 0)
			return refuse(reader, "`%s' is here twice", item->name);
	if (points_compare(item->points, item->max) > 0)
		return refuse(reader, "more points than there can be");
	if (item->verdict != PASS && item->points.top != 0)
		return refuse(reader, "points for what did not pass");
	if (!points_add(&reader->points, item->points) ||
	    !points_add(&reader->max, item->max))
		return refuse(reader, "the points cannot be added up");
	return true;
}

static bool
read_item(struct reader *reader, struct item *item)
{
	char **field = reader->field;

	if (!expect(reader, "item", 13) ||
	    !read_verdict(reader, field[3], &item->verdict) ||
	    !read_points(reader, field[5], &item->max))
		return false;
	item->points = (struct points){ 0, 1 };
	if ((strcmp(field[4], "-") == 0) != (item->verdict == ERROR))
		return refuse(reader, "`-' stands for the points of an error, "
			"and of an error alone");
	if (item->verdict != ERROR &&
	    !read_points(reader, field[4], &item->points))
		return false;
	item->hidden = strcmp(field[6], "hidden") == 0;
	if (!item->hidden && strcmp(field[6], "visible") != 0)
		return refuse(reader, "a check is visible or hidden");
	item->stage = field[1];
	item->name = field[2];
	item->schedules = clean(field[7]);
	item->replay = clean(field[8]);
	item->trace = clean(field[9]);
	item->promise = clean(field[10]);
	item->reason = clean(field[11]);
	item->hint = clean(field[12]);
	item->resembles = clean(field[13]);
	return check_item(reader, item) && check_traces(reader, item);
}

static bool
read_items(struct reader *reader)
{
	struct result *result = reader->result;

	for (;;) {
		struct item *grown;

		if (!next_line(reader))
			return false;
		if (strcmp(reader->field[0], "total") == 0)
			return true;
		grown = realloc(result->items,
			(result->count + 1) * sizeof(*grown));
		if (grown == NULL)
			return refuse(reader, "there is no memory left");
		result->items = grown;
		if (!read_item(reader, &grown[result->count]))
			return false;
		result->count++;
	}
}

static bool
read_head(struct reader *reader)
{
	struct result *result = reader->result;

	if (!next_line(reader) || !expect(reader, "grader", 2))
		return false;
	result->grader = clean(reader->field[1]);
	result->seeds = clean(reader->field[2]);
	if (!next_line(reader) || !expect(reader, "exercise", 6) ||
	    !read_points(reader, reader->field[6], &result->max))
		return false;
	result->exercise = clean(reader->field[1]);
	result->id = clean(reader->field[2]);
	result->title = clean(reader->field[3]);
	result->kind = clean(reader->field[4]);
	result->stars = clean(reader->field[5]);
	if (*result->exercise == '\0' || !is_name(result->id))
		return refuse(reader, "an exercise has a folder, and an ID of "
			"letters and digits");
	return true;
}

static bool
read_total(struct reader *reader)
{
	struct result *result = reader->result;
	struct points max;

	if (!expect(reader, "total", 3) ||
	    !read_points(reader, reader->field[2], &max))
		return false;
	result->error = strcmp(reader->field[3], "error") == 0;
	result->points = (struct points){ 0, 1 };
	if (!result->error && strcmp(reader->field[3], "graded") != 0)
		return refuse(reader, "a total is graded or error");
	if (result->error != (first_error(result) != NULL) ||
	    result->error != (strcmp(reader->field[1], "-") == 0))
		return refuse(reader, "the total and the verdicts do not "
			"agree on whether there was an error");
	if (!result->error && !read_points(reader, reader->field[1],
	    &result->points))
		return false;
	if (!points_equal(max, result->max) ||
	    !points_equal(max, reader->max) || (!result->error &&
	    !points_equal(result->points, reader->points)))
		return refuse(reader, "the points of the checks do not add up "
			"to the total");
	if (*reader->next != '\0') {
		reader->line++;
		return refuse(reader, "there is more after the total");
	}
	return true;
}

bool
result_read(struct result *result, const char *file)
{
	struct reader reader = { .result = result,
		.points = { 0, 1 }, .max = { 0, 1 } };
	size_t size = 0;

	memset(result, 0, sizeof(*result));
	result->file = file;
	result->student = "";
	result->text = whole_file(file, &size);
	if (result->text == NULL)
		return false;
	reader.next = result->text;
	if (strlen(result->text) != size) {
		fprintf(stderr, "render: %s: a byte 0 is in it\n", file);
		return false;
	}
	return read_head(&reader) && read_items(&reader) &&
	    read_total(&reader);
}

void
result_free(struct result *result)
{
	free(result->items);
	free(result->text);
}

const struct item *
first_error(const struct result *result)
{
	for (size_t i = 0; i < result->count; i++)
		if (result->items[i].verdict == ERROR)
			return &result->items[i];
	return NULL;
}

bool
has_points(const struct result *result, const struct item *item)
{
	return !result->error && item->max.top > 0;
}
