/* page.c - the page of a class, and what all pages have in common */
/* SPDX-License-Identifier: MIT */
/*
 * usage: class pages RESULTS TO
 *
 * Writes TO/index.html: who, which exercise, how many points; for each
 * exercise, which check failed most and which known mistakes the answers
 * resemble; and TO/students/CODE/index.html (student_page.c) and the tables
 * (gradebook.c). The pages are static, need no script and nothing from
 * elsewhere, and are well-formed as XML too.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "class.h"
#include "names.h"
#include "pages.h"
#include "results.h"

/* Of all answers to one exercise. */
struct count {
	const char *name, *promise;
	bool points;		/* false: shown only if it has failed */
	unsigned long failed, passed, skipped;
};

struct counts {
	struct count *count;
	size_t size;
};

FILE *
page_open(const char *folder, const char *name)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	if (file == NULL) {
		perror(path);
		exit(3);
	}
	return file;
}

void
page_close(FILE *file)
{
	bool bad = ferror(file) != 0;

	if (fclose(file) != 0 || bad) {
		perror("class: a page");
		exit(3);
	}
}

void
page_text(FILE *page, const char *text)
{
	name_print(page, text, strlen(text));
}

static const char style[] =
	"body { max-width: 60em; margin: 2em auto; padding: 0 1em;\n"
	"  font: 1em/1.5 sans-serif; color: #222; background: #fff; }\n"
	"table { border-collapse: collapse; margin: 1em 0; }\n"
	"caption { text-align: left; font-weight: bold; }\n"
	"th, td { border: 1px solid #888; padding: 0.2em 0.6em;\n"
	"  text-align: left; vertical-align: top; }\n"
	"td.number { text-align: right; white-space: nowrap; }\n"
	"td p { margin: 0 0 0.4em; }\n"
	"td, tbody th { overflow-wrap: anywhere; }\n"
	"pre { overflow-x: auto; background: #f4f4f4; padding: 0.5em; }\n"
	"img { max-width: 100%; }\n"
	"a { color: #00509d; }\n";

void
page_begin(FILE *page, const char *title)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\" "
		"xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
		"<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" "
		"content=\"width=device-width, initial-scale=1\"/>\n<title>",
		page);
	page_text(page, title);
	fprintf(page, "</title>\n<style>\n%s</style>\n</head>\n<body>\n"
		"<h1><bdi>", style);
	page_text(page, title);
	fputs("</bdi></h1>\n", page);
}

void
page_end(FILE *page)
{
	fputs("</body>\n</html>\n", page);
}

/* ---- Who, which exercise, how many points ---- */

/* What there is to say about the files of a student, or "-": the class. */
static bool
has_notes(const struct class *class, const char *code)
{
	for (size_t i = 0; i < class->note_count; i++)
		if (strcmp(class->notes[i].code, code) == 0)
			return true;
	return false;
}

const char *
page_nothing(const struct class *class, const struct unit *unit)
{
	return has_notes(class, unit->code) ? "no answer found" :
		"nothing handed in";
}

/* What kept all checks from being run, or "". */
static const char *
before_checks(const struct unit *unit)
{
	if (strncmp(unit->what, "bad:", 4) == 0)
		return ", not accepted";
	for (size_t i = 0; i < unit->count; i++) {
		const struct item *item = &unit->items[i];

		if (item_counts(item) || !item_failed(item))
			continue;
		return strcmp(item->field[NAME], "build") == 0 ?
			", does not build" : ", breaks a rule";
	}
	return "";
}

static void
put_cell(FILE *page, const struct class *class, const struct unit *unit)
{
	fprintf(page, "<td class=\"number\"><a href=\"students/%s/index.html#"
		"%s\">", unit->code, unit->exercise);
	if (!unit->graded)
		fputs("error", page);
	else if (strcmp(unit->what, "none") == 0)
		fprintf(page, "0, %s", page_nothing(class, unit));
	else
		fprintf(page, "%s%s", points_text(unit->points),
			before_checks(unit));
	fputs("</a></td>\n", page);
}

static void
put_student(FILE *page, const struct class *class,
	const struct student *student)
{
	struct points total;
	bool graded = results_total(class, student, &total);

	fprintf(page, "<tr><th scope=\"row\"><a href=\"students/%s/"
		"index.html\"><bdi>", student->code);
	page_text(page, student->name);
	fputs("</bdi></a></th>\n", page);
	for (size_t i = 0; i < class->exercise_count; i++)
		put_cell(page, class, &student->units[i]);
	fprintf(page, "<td class=\"number\">%s</td></tr>\n",
		graded ? points_text(total) : "error");
}

static void
put_class(FILE *page, const struct class *class)
{
	fprintf(page, "<table>\n<caption>Points, of %s</caption>\n<thead>\n"
		"<tr><th scope=\"col\">Student</th>\n",
		points_text(results_most(class)));
	for (size_t i = 0; i < class->exercise_count; i++) {
		fprintf(page, "<th scope=\"col\"><a href=\"#%s\">",
			class->exercises[i]);
		page_text(page, class->exercises[i]);
		fputs("</a></th>\n", page);
	}
	fputs("<th scope=\"col\">Total</th></tr>\n</thead>\n<tbody>\n", page);
	for (size_t i = 0; i < class->student_count; i++)
		put_student(page, class, &class->students[i]);
	fputs("</tbody>\n</table>\n", page);
}

/* ---- What an exercise's answers have in common ---- */

static struct count *
count_of(struct counts *counts, const char *name, const char *promise,
	bool points)
{
	for (size_t i = 0; i < counts->size; i++)
		if (strcmp(counts->count[i].name, name) == 0)
			return &counts->count[i];
	counts->count = realloc(counts->count, (counts->size + 1) *
		sizeof(*counts->count));
	if (counts->count == NULL) {
		perror("class");
		exit(3);
	}
	counts->count[counts->size] = (struct count){ name, promise,
		points, 0, 0, 0 };
	return &counts->count[counts->size++];
}

static void
count_item(struct count *count, const struct item *item)
{
	if (item_passed(item))
		count->passed++;
	else if (item_failed(item))
		count->failed++;
	else
		count->skipped++;
}

static int
more_failed(const void *a, const void *b)
{
	const struct count *one = a, *other = b;

	if (one->failed != other->failed)
		return one->failed < other->failed ? 1 : -1;
	return strcmp(one->name, other->name);
}

static void
sort(struct counts *counts)
{
	if (counts->size > 0)
		qsort(counts->count, counts->size, sizeof(*counts->count),
			more_failed);
}

static void
put_checks(FILE *page, const struct counts *counts)
{
	fputs("<table>\n<caption>Checks, those that failed most first"
		"</caption>\n<thead>\n<tr><th scope=\"col\">Check</th>"
		"<th scope=\"col\">Promise</th><th scope=\"col\">Failed</th>"
		"<th scope=\"col\">Passed</th><th scope=\"col\">Not run</th>"
		"</tr>\n</thead>\n<tbody>\n", page);
	for (size_t i = 0; i < counts->size; i++) {
		if (!counts->count[i].points && counts->count[i].failed == 0)
			continue;
		fputs("<tr><th scope=\"row\">", page);
		page_text(page, counts->count[i].name);
		fputs("</th><td>", page);
		page_text(page, counts->count[i].promise);
		fprintf(page, "</td><td class=\"number\">%lu</td>"
			"<td class=\"number\">%lu</td>"
			"<td class=\"number\">%lu</td></tr>\n",
			counts->count[i].failed, counts->count[i].passed,
			counts->count[i].skipped);
	}
	fputs("</tbody>\n</table>\n", page);
}

static void
put_mistakes(FILE *page, const struct counts *counts)
{
	if (counts->size == 0) {
		fputs("<p>No answer resembles a known mistake.</p>\n", page);
		return;
	}
	fputs("<table>\n<caption>Known mistakes that failures resemble"
		"</caption>\n<thead>\n<tr><th scope=\"col\">Mistake</th>"
		"<th scope=\"col\">Failures</th></tr>\n</thead>\n<tbody>\n",
		page);
	for (size_t i = 0; i < counts->size; i++) {
		fputs("<tr><th scope=\"row\">", page);
		page_text(page, counts->count[i].name);
		fprintf(page, "</th><td class=\"number\">%lu</td></tr>\n",
			counts->count[i].failed);
	}
	fputs("</tbody>\n</table>\n", page);
}

/* Counts for one exercise; how many have handed something in? */
static size_t
count_exercise(const struct class *class, size_t exercise,
	struct counts *checks, struct counts *mistakes)
{
	size_t handed_in = 0;

	for (size_t i = 0; i < class->student_count; i++) {
		struct unit *unit = &class->students[i].units[exercise];

		if (strcmp(unit->what, "none") == 0)
			continue;
		handed_in++;
		for (size_t k = 0; k < unit->count; k++) {
			struct item *item = &unit->items[k];
			const char *like = item->field[RESEMBLES];

			count_item(count_of(checks, item->field[NAME],
				item->field[PROMISE], item_counts(item)), item);
			if (*like != '\0' && strcmp(like, "-") != 0)
				count_of(mistakes, like, "", true)->failed++;
		}
	}
	return handed_in;
}

static void
put_exercise(FILE *page, const struct class *class, size_t exercise)
{
	const struct unit *example = results_example(class, exercise);
	struct counts checks = { NULL, 0 }, mistakes = { NULL, 0 };
	size_t handed_in = count_exercise(class, exercise, &checks,
		&mistakes);

	fprintf(page, "<h2 id=\"%s\">", class->exercises[exercise]);
	page_text(page, class->exercises[exercise]);
	if (example != NULL) {
		fputs(": ", page);
		page_text(page, example->title);
	}
	fprintf(page, "</h2>\n<p>%zu of %zu handed in.</p>\n", handed_in,
		class->student_count);
	sort(&checks);
	sort(&mistakes);
	put_checks(page, &checks);
	put_mistakes(page, &mistakes);
	free(checks.count);
	free(mistakes.count);
}

/* All notes of that student, or of "-", the class. */
static void
put_notes(FILE *page, const struct class *class, const char *code)
{
	for (size_t i = 0; i < class->note_count; i++) {
		if (strcmp(class->notes[i].code, code) != 0)
			continue;
		fputs("<li>", page);
		page_text(page, class->notes[i].text);
		fputs("</li>\n", page);
	}
}

/* A wrong name costs all points: it is to be seen without 300 pages. */
static void
put_not_graded(FILE *page, const struct class *class)
{
	if (class->note_count == 0)
		return;
	fputs("<h2 id=\"not-graded\">Files that were not graded</h2>\n<ul>\n",
		page);
	put_notes(page, class, "-");
	for (size_t i = 0; i < class->student_count; i++) {
		const struct student *student = &class->students[i];

		if (!has_notes(class, student->code))
			continue;
		fprintf(page, "<li><a href=\"students/%s/index.html\"><bdi>",
			student->code);
		page_text(page, student->name);
		fputs("</bdi></a>\n<ul>\n", page);
		put_notes(page, class, student->code);
		fputs("</ul></li>\n", page);
	}
	fputs("</ul>\n", page);
}

int
print_pages(const char *out, const char *to)
{
	static struct class class;
	char folder[4096];
	FILE *page;

	results_read(&class, out);
	page = page_open(to, "index.html");
	page_begin(page, "The class");
	put_class(page, &class);
	if (class.note_count > 0)
		fputs("<p><a href=\"#not-graded\">Files that were not graded"
			"</a></p>\n", page);
	for (size_t i = 0; i < class.exercise_count; i++)
		put_exercise(page, &class, i);
	put_not_graded(page, &class);
	page_end(page);
	page_close(page);
	print_gradebook(&class, to);
	for (size_t i = 0; i < class.student_count; i++) {
		snprintf(folder, sizeof(folder), "%s/students/%s", to,
			class.students[i].code);
		if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
			perror(folder);
			return 3;
		}
		print_student(&class, &class.students[i], folder);
	}
	return 0;
}
