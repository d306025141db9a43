/* student_page.c - the page of one student, and the drawings it shows */
/* SPDX-License-Identifier: MIT */
/*
 * A drawing is made in a folder that the answer may write to, so it may be
 * anything. It is shown only if it is a picture as the explorer draws them:
 * elements and attributes that can do nothing but be looked at.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "names.h"
#include "pages.h"
#include "results.h"

#define LARGEST ((size_t)1 << 22)	/* bytes of a drawing, or its words */

static const char *const elements[] = { "svg", "title", "desc", "style",
	"defs", "marker", "g", "path", "rect", "line", "circle", "polygon",
	"polyline", "ellipse", "text", "tspan", "?xml", NULL };

/* ---- Drawings ---- */

/* The file as a string, to be freed; NULL if there is none, or too large. */
static char *
read_file(const char *folder, const char *name)
{
	char path[4096], *text;
	size_t length;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "r");
	if (file == NULL)
		return NULL;
	text = malloc(LARGEST + 1);
	if (text == NULL) {
		perror("class");
		exit(3);
	}
	length = fread(text, 1, LARGEST + 1, file);
	fclose(file);
	if (length > LARGEST || memchr(text, '\0', length) != NULL) {
		free(text);
		return NULL;
	}
	text[length] = '\0';
	return text;
}

static bool
known_element(const char *name)
{
	for (size_t i = 0; elements[i] != NULL; i++)
		if (strcmp(elements[i], name) == 0)
			return true;
	return false;
}

/* Nothing in a tag may act (onload=...) or point elsewhere. */
static bool
harmless_tag(const char *tag, size_t length)
{
	char copy[2000], *c;

	if (length >= sizeof(copy))
		return false;
	memcpy(copy, tag, length);
	copy[length] = '\0';
	for (c = copy; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	if (strstr(copy, "href") != NULL || strstr(copy, "script") != NULL)
		return false;
	for (c = copy; (c = strstr(c, "on")) != NULL; c++)
		if (c > copy && (isspace((unsigned char)c[-1]) ||
		    c[-1] == '/' || c[-1] == '"' || c[-1] == '\''))
			return false;
	copy[strcspn(copy, " \t\r\n/>")] = '\0';
	return known_element(copy);
}

static bool
harmless(const char *svg)
{
	if (strncmp(svg, "<svg", 4) != 0 && strncmp(svg, "<?xml", 5) != 0)
		return false;
	if (strstr(svg, "url(h") != NULL || strstr(svg, "@import") != NULL)
		return false;
	for (const char *tag; (tag = strchr(svg, '<')) != NULL;
	    svg = tag + strcspn(tag, ">")) {
		tag++;
		if (*tag == '/')
			tag++;
		if (tag[strcspn(tag, "<>")] != '>' ||
		    !harmless_tag(tag, strcspn(tag, ">")))
			return false;
	}
	return true;
}

/* "01-work-wait-schedules-NAME.svg", in the student's folder. */
static bool
copy_drawing(const struct unit *unit, const char *results, const char *trace,
	const char *to, char *name, size_t size)
{
	char *svg = read_file(results, trace), *c;
	const char *slash = strrchr(trace, '/');
	FILE *file;

	if (svg == NULL || !harmless(svg)) {
		free(svg);
		return false;
	}
	snprintf(name, size, "%s-%s", unit->exercise,
		slash != NULL ? slash + 1 : trace);
	for (c = name; *c != '\0'; c++)
		if (*c == '/')
			*c = '-';
	file = page_open(to, name);
	fputs(svg, file);
	page_close(file);
	free(svg);
	return true;
}

/* The drawing, if there is one that may be shown, and the same in words. */
static void
put_trace(FILE *page, const struct class *class, const struct unit *unit,
	const struct item *item, const char *to)
{
	char results[4096], name[512], words[512], *text;
	const char *trace = item->field[TRACE], *dot = strrchr(trace, '.');

	snprintf(results, sizeof(results), "%s/units/%s/%s", class->folder,
		unit->code, unit->exercise);
	snprintf(words, sizeof(words), "%.*s.txt",
		(int)(dot != NULL ? dot - trace : 0), trace);
	fputs("<details><summary>The interleaving: ", page);
	page_text(page, item->field[NAME]);
	fputs("</summary>\n", page);
	if (copy_drawing(unit, results, trace, to, name, sizeof(name))) {
		fputs("<p><a href=\"", page);
		page_text(page, name);
		fputs("\"><img src=\"", page);
		page_text(page, name);
		fputs("\" alt=\"The steps that lead to the failure, a column "
			"for each thread; the same in words below\"/></a>"
			"</p>\n", page);
	} else {
		fputs("<p>There is no drawing that could be shown.</p>\n",
			page);
	}
	text = read_file(results, words);
	if (text != NULL) {
		fputs("<pre>", page);
		page_text(page, text);
		fputs("</pre>\n", page);
	}
	free(text);
	fputs("</details>\n", page);
}

/* ---- The page ---- */

static void
put_paragraph(FILE *page, const char *label, const char *text)
{
	if (*text == '\0' || strcmp(text, "-") == 0)
		return;
	fprintf(page, "<p>%s ", label);
	page_text(page, text);
	fputs("</p>\n", page);
}

static void
put_item(FILE *page, const struct item *item)
{
	bool passed = item_passed(item);
	bool hidden = strcmp(item->field[VISIBILITY], "hidden") == 0;

	fputs("<tr><th scope=\"row\">", page);
	page_text(page, item->field[NAME]);
	fprintf(page, "%s</th><td>", hidden ? " (hidden)" : "");
	page_text(page, item->field[VERDICT]);
	fputs("</td><td class=\"number\">", page);
	page_text(page, item->field[POINTS]);
	fputs("</td><td class=\"number\">", page);
	page_text(page, item->field[MOST]);
	fputs("</td><td>\n", page);
	put_paragraph(page, "Promised:", item->field[PROMISE]);
	if (!passed)
		put_paragraph(page, strcmp(item->field[VERDICT], "skip") == 0 ?
			"Not run:" : "Happened:", item->field[REASON]);
	if (!passed && !hidden) {
		put_paragraph(page, "Hint:", item->field[HINT]);
		put_paragraph(page, "Resembles:", item->field[RESEMBLES]);
	}
	fputs("</td></tr>\n", page);
}

/* Below the table, since they are as wide as they are. */
static void
put_traces(FILE *page, const struct class *class, const struct unit *unit,
	const char *to)
{
	for (size_t i = 0; i < unit->count; i++) {
		const struct item *item = &unit->items[i];
		const char *trace = item->field[TRACE];

		if (!item_passed(item) && strchr(trace, '.') != NULL &&
		    strstr(trace, "..") == NULL &&
		    strcmp(item->field[VISIBILITY], "hidden") != 0)
			put_trace(page, class, unit, item, to);
	}
}

static void
put_unit(FILE *page, const struct class *class, const struct unit *unit,
	const char *to)
{
	bool none = strcmp(unit->what, "none") == 0;

	fprintf(page, "<h2 id=\"%s\">", unit->exercise);
	page_text(page, unit->id);
	fputs(" ", page);
	page_text(page, unit->title);
	fputs(" (", page);
	page_text(page, unit->exercise);
	fputs(")</h2>\n", page);
	if (!unit->graded)
		fputs("<p>Not graded: the grader or the machine was in "
			"trouble. That is not the answer's fault, and not "
			"counted as no points.</p>\n", page);
	else
		fprintf(page, "<p>%s of %s points%s%s.</p>\n",
			points_text(unit->points), points_text(unit->most),
			none ? ": " : "",
			none ? page_nothing(class, unit) : "");
	if (unit->count == 0 || none)
		return;
	fputs("<table>\n<caption>Each check</caption>\n<thead>\n"
		"<tr><th scope=\"col\">Check</th><th scope=\"col\">Verdict"
		"</th><th scope=\"col\">Points</th><th scope=\"col\">Of</th>"
		"<th scope=\"col\">What it is about</th></tr>\n</thead>\n"
		"<tbody>\n", page);
	for (size_t i = 0; i < unit->count; i++)
		put_item(page, &unit->items[i]);
	fputs("</tbody>\n</table>\n", page);
	put_traces(page, class, unit, to);
}

static void
put_notes(FILE *page, const struct class *class, const char *code)
{
	for (size_t i = 0; i < class->note_count; i++)
		if (strcmp(class->notes[i].code, code) == 0)
			put_paragraph(page, "Note:", class->notes[i].text);
}

void
print_student(const struct class *class, const struct student *student,
	const char *to)
{
	static const char *const files[] = { "gradescope.json",
		"classroom.txt", "junit.xml", "results.tap", "results.csv",
		"autolab.json" };
	FILE *page = page_open(to, "index.html");
	struct points total;
	bool graded = results_total(class, student, &total);

	page_begin(page, student->name);
	fprintf(page, "<p>%s of %s points. <a href=\"../../index.html\">The "
		"class</a></p>\n", graded ? points_text(total) :
		"An error, so no sum", points_text(results_most(class)));
	put_notes(page, class, student->code);
	for (size_t i = 0; i < class->exercise_count; i++)
		put_unit(page, class, &student->units[i], to);
	fputs("<h2>The same for machines</h2>\n<ul>\n", page);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		fprintf(page, "<li><a href=\"%s\">%s</a></li>\n", files[i],
			files[i]);
	fputs("</ul>\n", page);
	page_end(page);
	page_close(page);
}
