/* gradebook.c - the tables of a class, for a spreadsheet */
/* SPDX-License-Identifier: MIT */
/*
 *	gradebook.csv	a line for each student, a column for each exercise
 *	checks.csv	a line for each check of each answer
 *
 * A name that a spreadsheet would take for a formula has an apostrophe before
 * it, as such programs write text themselves.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "pages.h"
#include "results.h"

static void
put_field(FILE *file, const char *text)
{
	bool quoted = strpbrk(text, ",\"\n\r") != NULL ||
		text[strspn(text, " ")] != text[0];

	if (quoted)
		putc('"', file);
	if (text[0] != '\0' && strchr("=+-@", text[0]) != NULL &&
	    text[1] != '\0')
		putc('\'', file);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putc('"', file);
		putc(*text, file);
	}
	if (quoted)
		putc('"', file);
}

static void
put_row(FILE *file, const struct class *class, const struct student *student)
{
	struct points total;
	bool graded = results_total(class, student, &total);

	put_field(file, student->name);
	for (size_t i = 0; i < class->exercise_count; i++)
		fprintf(file, ",%s", student->units[i].graded ?
			points_decimal(student->units[i].points) : "error");
	fprintf(file, ",%s,%s\n", graded ? points_decimal(total) : "error",
		points_decimal(results_most(class)));
}

static void
put_checks(FILE *file, const struct student *student, const struct unit *unit)
{
	static const int columns[] = { STAGE, NAME, VERDICT, POINTS, MOST,
		VISIBILITY, SCHEDULES, REASON, RESEMBLES };

	for (size_t i = 0; i < unit->count; i++) {
		put_field(file, student->name);
		putc(',', file);
		put_field(file, unit->exercise);
		for (size_t c = 0; c < sizeof(columns) / sizeof(int); c++) {
			putc(',', file);
			put_field(file, unit->items[i].field[columns[c]]);
		}
		putc('\n', file);
	}
}

void
print_gradebook(const struct class *class, const char *to)
{
	FILE *file = page_open(to, "gradebook.csv");

	fputs("student", file);
	for (size_t i = 0; i < class->exercise_count; i++)
		fprintf(file, ",%s", class->exercises[i]);
	fputs(",total,max\n", file);
	for (size_t i = 0; i < class->student_count; i++)
		put_row(file, class, &class->students[i]);
	page_close(file);
	file = page_open(to, "checks.csv");
	fputs("student,exercise,stage,check,verdict,points,max,visibility,"
		"schedules,reason,resembles\n", file);
	for (size_t i = 0; i < class->student_count; i++)
		for (size_t e = 0; e < class->exercise_count; e++)
			put_checks(file, &class->students[i],
				&class->students[i].units[e]);
	page_close(file);
}
