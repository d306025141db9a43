/* gradebook.c - the points of a class, for a spreadsheet */
/* SPDX-License-Identifier: MIT */
/*
 * A line for each student, a column for each exercise, their sum, and what all
 * of them are worth. Points have four decimals where they are no whole number:
 * the exact fractions are in result.tsv. Texts are escaped as in render's
 * tables, so that no name is taken for a formula.
 */
#include <stdio.h>

#include "escape.h"
#include "pages.h"
#include "results.h"

static void
put_row(FILE *file, const struct class *class, const struct student *student)
{
	struct points total;
	bool graded = results_total(class, student, &total);

	put_csv(file, student->name);
	for (size_t i = 0; i < class->exercise_count; i++)
		fprintf(file, ",%s", student->units[i].graded ?
			points_decimal(student->units[i].points) : "error");
	fprintf(file, ",%s,%s\r\n", graded ? points_decimal(total) : "error",
		points_decimal(results_most(class)));
}

void
print_gradebook(const struct class *class, const char *to)
{
	FILE *file = page_open(to, "gradebook.csv");

	put_csv(file, "student");
	for (size_t i = 0; i < class->exercise_count; i++)
		fprintf(file, ",%s", class->exercises[i]);
	fputs(",total,max\r\n", file);
	for (size_t i = 0; i < class->student_count; i++)
		put_row(file, class, &class->students[i]);
	page_close(file);
}
