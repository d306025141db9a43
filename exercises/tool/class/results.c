/* results.c - the results of a class, read from a batch's folder */
/* SPDX-License-Identifier: MIT */
/*
 * All of it is kept in memory, and nothing of it is given back: the program
 * reads one class, writes its pages, and ends.
 */
#include "results.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "class.h"

/* ---- Points ---- */

static long
divisor(long a, long b)
{
	return b == 0 ? a : divisor(b, a % b);
}

struct points
points_add(struct points a, struct points b)
{
	struct points sum = { a.top * b.bottom + b.top * a.bottom,
		a.bottom * b.bottom };
	long common = divisor(sum.top, sum.bottom);

	sum.top /= common;
	sum.bottom /= common;
	return sum;
}

/* From "2", "1/3" or "1 2/3"; false if it is none of them. */
static bool
points_read(const char *text, struct points *points)
{
	long whole = 0;

	points->bottom = 1;
	if (sscanf(text, "%ld %ld/%ld", &whole, &points->top,
	    &points->bottom) == 3)
		points->top += whole * points->bottom;
	else if (sscanf(text, "%ld/%ld", &points->top,
	    &points->bottom) < 1)
		return false;
	return points->bottom > 0;
}

static char *
buffer(void)
{
	static char buffers[4][80];
	static unsigned next;

	return buffers[next++ % 4];
}

const char *
points_text(struct points points)
{
	long whole = points.top / points.bottom;
	char *text = buffer();

	if (points.top % points.bottom == 0)
		snprintf(text, 80, "%ld", whole);
	else if (whole == 0)
		snprintf(text, 80, "%ld/%ld", points.top, points.bottom);
	else
		snprintf(text, 80, "%ld %ld/%ld", whole,
			points.top % points.bottom, points.bottom);
	return text;
}

const char *
points_decimal(struct points points)
{
	char *text = buffer();
	size_t length;

	snprintf(text, 80, "%.4f", (double)points.top /
		(double)points.bottom);
	length = strlen(text);
	while (text[length - 1] == '0')
		text[--length] = '\0';
	if (text[length - 1] == '.')
		text[length - 1] = '\0';
	return text;
}

/* ---- Reading ---- */

/* The next line cut at its tabs, or false; what is missing is "". */
static bool
read_line(FILE *file, const char *field[FIELDS])
{
	char *line = NULL, *tab;
	size_t size = 0;
	int count = 0;

	if (getline(&line, &size, file) <= 0) {
		free(line);
		return false;
	}
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < FIELDS; i++)
		field[i] = "";
	for (; line != NULL && count < FIELDS; line = tab) {
		tab = strchr(line, '\t');
		if (tab != NULL)
			*tab++ = '\0';
		field[count++] = line;
	}
	return true;
}

static void
add_item(struct unit *unit, const char *const field[FIELDS])
{
	unit->items = grown(unit->items, (unit->count + 1) *
		sizeof(*unit->items));
	memcpy(unit->items[unit->count++].field, field,
		FIELDS * sizeof(*field));
}

static void
read_unit(const struct class *class, struct unit *unit)
{
	const char *field[FIELDS];
	char name[4096];
	FILE *file;

	unit->points = unit->most = (struct points){ 0, 1 };
	snprintf(name, sizeof(name), "%s/units/%s/%s/result.tsv",
		class->folder, unit->code, unit->exercise);
	file = fopen(name, "r");
	while (file != NULL && read_line(file, field)) {
		if (strcmp(field[0], "item") == 0)
			add_item(unit, field);
		if (strcmp(field[0], "exercise") == 0) {
			unit->id = field[2];
			unit->title = field[3];
		}
		if (strcmp(field[0], "total") == 0)
			unit->graded = strcmp(field[3], "graded") == 0 &&
				points_read(field[1], &unit->points) &&
				points_read(field[2], &unit->most);
	}
	if (file != NULL)
		fclose(file);
}

static void
add_student(struct class *class, const char *code, const char *name)
{
	struct student *student;

	class->students = grown(class->students,
		(class->student_count + 1) * sizeof(*student));
	student = &class->students[class->student_count++];
	student->code = code;
	student->name = name;
	student->units = grown(NULL, class->exercise_count *
		sizeof(*student->units));
}

/* The plan has the student before, and the exercises before that. */
static void
add_unit(struct class *class, const char *const field[FIELDS])
{
	struct student *student = &class->students[class->student_count - 1];

	for (size_t i = 0; i < class->exercise_count; i++)
		if (strcmp(class->exercises[i], field[2]) == 0) {
			student->units[i] = (struct unit){ .code = field[1],
				.exercise = field[2], .what = field[4],
				.id = "", .title = "" };
			read_unit(class, &student->units[i]);
		}
}

static void
add_line(struct class *class, const char *const field[FIELDS])
{
	if (strcmp(field[0], "exercise") == 0) {
		class->exercises = grown(class->exercises,
			(class->exercise_count + 1) * sizeof(char *));
		class->exercises[class->exercise_count++] = field[1];
	} else if (strcmp(field[0], "student") == 0) {
		add_student(class, field[1], field[2]);
	} else if (strcmp(field[0], "unit") == 0) {
		add_unit(class, field);
	} else if (strcmp(field[0], "note") == 0) {
		class->notes = grown(class->notes, (class->note_count + 1) *
			sizeof(*class->notes));
		class->notes[class->note_count++] = (struct note){ field[1],
			field[2] };
	}
}

void
results_read(struct class *class, const char *folder)
{
	const char *field[FIELDS];
	char name[4096];
	FILE *plan;

	*class = (struct class){ .folder = folder };
	snprintf(name, sizeof(name), "%s/plan.tsv", folder);
	plan = fopen(name, "r");
	if (plan == NULL) {
		perror(name);
		exit(3);
	}
	while (read_line(plan, field))
		add_line(class, field);
	fclose(plan);
}

/* ---- Questions ---- */

const struct unit *
results_example(const struct class *class, size_t exercise)
{
	for (size_t i = 0; i < class->student_count; i++)
		if (class->students[i].units[exercise].count > 0)
			return &class->students[i].units[exercise];
	return NULL;
}

static struct points
most_of(const struct class *class, size_t exercise)
{
	for (size_t i = 0; i < class->student_count; i++)
		if (class->students[i].units[exercise].graded)
			return class->students[i].units[exercise].most;
	return (struct points){ 0, 1 };
}

struct points
results_most(const struct class *class)
{
	struct points most = { 0, 1 };

	for (size_t i = 0; i < class->exercise_count; i++)
		most = points_add(most, most_of(class, i));
	return most;
}

bool
results_total(const struct class *class, const struct student *student,
	struct points *total)
{
	bool graded = true;

	*total = (struct points){ 0, 1 };
	for (size_t i = 0; i < class->exercise_count; i++) {
		graded = graded && student->units[i].graded;
		*total = points_add(*total, student->units[i].points);
	}
	return graded;
}

bool
item_passed(const struct item *item)
{
	return strcmp(item->field[VERDICT], "pass") == 0;
}

bool
item_failed(const struct item *item)
{
	return strcmp(item->field[VERDICT], "fail") == 0 ||
		strcmp(item->field[VERDICT], "timeout") == 0;
}

bool
item_counts(const struct item *item)
{
	return strcmp(item->field[MOST], "0") != 0;
}
