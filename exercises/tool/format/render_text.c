/* render_text.c - the results as JUnit XML, TAP 14 and CSV */
/* SPDX-License-Identifier: MIT */
#include "escape.h"
#include "render.h"

#include <stdlib.h>
#include <string.h>

static const char *
unless_dash(const char *text)
{
	return strcmp(text, "-") == 0 ? "" : text;
}

/* ---- JUnit ---- */

/*
 * There is no standard; what readers of it agree on is described at
 * https://github.com/testmoapp/junitxml and, for Ant, in
 * https://github.com/windyroad/JUnit-Schema. A suite is an exercise, points
 * are properties of a case. There are no times: they would differ each time.
 */
static void
attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	put_xml(out, value);
	fputc('"', out);
}

/* Nothing, if there is nothing to be said. */
static void
property(FILE *out, const char *indent, const char *name, const char *value)
{
	if (*value == '\0')
		return;
	fprintf(out, "%s<property name=\"%s\"", indent, name);
	attribute(out, "value", value);
	fputs("/>\n", out);
}

/* tests, failures, errors and skipped, of one suite or of all. */
static void
junit_counts(FILE *out, const struct result *results, size_t count)
{
	size_t tests = 0, of[ERROR + 1] = { 0 };

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < results[i].count; j++) {
			tests++;
			of[results[i].items[j].verdict]++;
		}
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
		"skipped=\"%zu\"", tests, of[FAIL] + of[TIMEOUT], of[ERROR],
		of[SKIP]);
}

static void
junit_points(FILE *out, const char *indent, bool known, struct points points,
	struct points max)
{
	property(out, indent, "points",
		known ? points_exact(points).text : "-");
	property(out, indent, "max_points", points_exact(max).text);
	if (known)
		property(out, indent, "points_decimal",
			points_decimal(points).text);
}

static void
junit_outcome(FILE *out, const struct result *result,
	const struct item *item)
{
	const char *element = item->verdict == ERROR ? "error" :
	    item->verdict == SKIP ? "skipped" : "failure";
	char *text = NULL;
	size_t size = 0;
	FILE *stream;

	if (item->verdict == PASS)
		return;
	fprintf(out, "   <%s", element);
	attribute(out, "message", item->reason);
	if (item->verdict == SKIP) {
		fputs("/>\n", out);
		return;
	}
	attribute(out, "type", verdict_word(item->verdict));
	fputc('>', out);
	stream = open_memstream(&text, &size);
	if (stream == NULL) {
		perror("render");
		exit(3);
	}
	describe(stream, result, item);
	fclose(stream);
	put_xml(out, text);
	free(text);
	fprintf(out, "</%s>\n", element);
}

static void
junit_case(FILE *out, const struct result *result, const struct item *item)
{
	static const char indent[] = "    ";

	fputs("  <testcase", out);
	attribute(out, "name", item->name);
	fputs(" classname=\"", out);
	put_xml(out, result->exercise);
	fprintf(out, "/%s\">\n   <properties>\n", item->stage);
	junit_points(out, indent, item->verdict != ERROR, item->points,
		item->max);
	property(out, indent, "verdict", verdict_word(item->verdict));
	property(out, indent, "visibility",
		item->hidden ? "hidden" : "visible");
	property(out, indent, "promise", item->promise);
	property(out, indent, "hint", item->hint);
	property(out, indent, "resembles", item->resembles);
	property(out, indent, "schedules", unless_dash(item->schedules));
	property(out, indent, "replay", unless_dash(item->replay));
	property(out, indent, "trace", unless_dash(item->trace));
	fputs("   </properties>\n", out);
	junit_outcome(out, result, item);
	fputs("  </testcase>\n", out);
}

static void
junit_suite(FILE *out, const struct result *result, size_t number)
{
	fputs(" <testsuite", out);
	attribute(out, "name", result->exercise);
	fprintf(out, " id=\"%zu\"", number);
	junit_counts(out, result, 1);
	fputs(">\n  <properties>\n", out);
	property(out, "   ", "student", result->student);
	property(out, "   ", "id", result->id);
	property(out, "   ", "title", result->title);
	property(out, "   ", "status", result->error ? "error" : "graded");
	junit_points(out, "   ", !result->error, result->points, result->max);
	property(out, "   ", "grader", result->grader);
	property(out, "   ", "seeds", result->seeds);
	fputs("  </properties>\n", out);
	for (size_t i = 0; i < result->count; i++)
		junit_case(out, result, &result->items[i]);
	fputs(" </testsuite>\n", out);
}

void
put_junit(FILE *out, const struct batch *batch)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "
		"name=\"exercises\"", out);
	junit_counts(out, batch->results, batch->count);
	fputs(">\n", out);
	for (size_t i = 0; i < batch->count; i++)
		junit_suite(out, &batch->results[i], i);
	fputs("</testsuites>\n", out);
}

/* ---- TAP ---- */

/*
 * https://testanything.org/tap-version-14-specification.html. The plan comes
 * first, so that a cut-off document is a failed one. A harness takes whatever
 * has the directive SKIP for a success: only what costs nothing has it. The
 * grader's own error ends the document with `Bail out!'.
 */
static void
yaml(FILE *out, const char *key, const char *value)
{
	if (*value == '\0')
		return;
	fprintf(out, "  %s: ", key);
	put_yaml(out, value);
	fputc('\n', out);
}

static void
tap_point(FILE *out, const struct result *result, const struct item *item,
	size_t number)
{
	bool ok = item->verdict == PASS || left_out(item);

	fprintf(out, "%sok %zu - ", ok ? "" : "not ", number);
	put_tap(out, result->exercise);
	fputc(' ', out);
	describe_name(out, item);
	if (left_out(item)) {
		fputs(" # SKIP ", out);
		put_tap(out, item->reason);
	}
	fputs("\n  ---\n", out);
	yaml(out, "verdict", verdict_word(item->verdict));
	yaml(out, "points", item->verdict == ERROR ? "-" :
		points_exact(item->points).text);
	yaml(out, "max", points_exact(item->max).text);
	yaml(out, "visibility", item->hidden ? "hidden" : "visible");
	yaml(out, "promise", item->promise);
	yaml(out, "message", item->reason);
	yaml(out, "hint", item->hint);
	yaml(out, "resembles", item->resembles);
	yaml(out, "schedules", unless_dash(item->schedules));
	yaml(out, "replay", unless_dash(item->replay));
	yaml(out, "trace", unless_dash(item->trace));
	fputs("  ...\n", out);
}

static void
tap_head(FILE *out, const struct result *result)
{
	if (*result->student != '\0')
		fprintf(out, "# student: %s\n", result->student);
	fputs("# ", out);
	describe_total(out, result);
	fprintf(out, "\n# grader %s, seeds %s\n", result->grader,
		result->seeds);
}

void
put_tap14(FILE *out, const struct batch *batch)
{
	size_t tests = 0, number = 0;

	for (size_t i = 0; i < batch->count; i++)
		tests += batch->results[i].count;
	fprintf(out, "TAP version 14\n1..%zu\n", tests);
	for (size_t i = 0; i < batch->count; i++) {
		const struct result *result = &batch->results[i];

		tap_head(out, result);
		for (size_t j = 0; j < result->count; j++)
			tap_point(out, result, &result->items[j], ++number);
	}
	for (size_t i = 0; i < batch->count; i++)
		if (batch->results[i].error) {
			fputs("Bail out! The grader or the machine was in "
				"trouble with ", out);
			put_tap(out, batch->results[i].exercise);
			fputs(": there are no points\n", out);
			return;
		}
}

/* ---- CSV ---- */

/*
 * RFC 4180, with a header, lines ending in CRLF, every text in quotes. Points
 * are there twice: as a number, and as a fraction with its whole part, `0
 * 1/3', which a spreadsheet takes for a number too; 1/3 would be a date. What
 * would be a formula has a ' before it, as OWASP advises ("CSV Injection",
 * https://owasp.org/www-community/attacks/CSV_Injection).
 */
static void
put_fields(FILE *out, const char *const *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		fputs(i > 0 ? "," : "", out);
		put_csv(out, fields[i]);
	}
}

static void
put_head(FILE *out, const char *const *names, size_t count)
{
	put_fields(out, names, count);
	fputs("\r\n", out);
}

/* A number; empty if there is none. */
static void
put_number(FILE *out, bool known, struct points points)
{
	fprintf(out, ",%s", known ? points_decimal(points).text : "");
}

static void
put_fraction(FILE *out, bool known, struct points points)
{
	if (known && points.top > 0 && points.top < points.bottom)
		fprintf(out, ",\"0 %s\"", points_exact(points).text);
	else
		fprintf(out, ",\"%s\"", known ? points_exact(points).text : "");
}

static void
put_exercise(FILE *out, const struct result *result)
{
	const char *const fields[] = { result->student, result->exercise,
		result->id, result->title, result->kind, result->stars };

	put_fields(out, fields, sizeof(fields) / sizeof(*fields));
}

#define EXERCISE_NAMES \
	"student", "exercise", "id", "title", "kind", "stars"

static void
put_check(FILE *out, const struct result *result, const struct item *item)
{
	bool known = item->verdict != ERROR;
	const char *const words[] = { item->stage, item->name,
		verdict_word(item->verdict) };
	const char *const texts[] = { item->hidden ? "hidden" : "visible",
		unless_dash(item->schedules), unless_dash(item->replay),
		unless_dash(item->trace), item->promise, item->reason,
		item->hint, item->resembles, result->error ? "error" :
		"graded", result->grader, result->seeds };

	put_exercise(out, result);
	fputc(',', out);
	put_fields(out, words, sizeof(words) / sizeof(*words));
	put_number(out, known, item->points);
	put_number(out, true, item->max);
	put_fraction(out, known, item->points);
	put_fraction(out, true, item->max);
	fputc(',', out);
	put_fields(out, texts, sizeof(texts) / sizeof(*texts));
	fputs("\r\n", out);
}

void
put_checks(FILE *out, const struct batch *batch)
{
	static const char *const names[] = { EXERCISE_NAMES, "stage", "check",
		"verdict", "points", "max", "points exact", "max exact",
		"visibility", "schedules", "replay", "trace", "promise",
		"reason", "hint", "resembles", "status", "grader", "seeds" };

	put_head(out, names, sizeof(names) / sizeof(*names));
	for (size_t i = 0; i < batch->count; i++)
		for (size_t j = 0; j < batch->results[i].count; j++)
			put_check(out, &batch->results[i],
				&batch->results[i].items[j]);
}

/* ---- Rows of a gradebook ---- */

/* The first that has not passed; of an error, that one; or NULL. */
static const struct item *
first_missing(const struct result *result)
{
	if (result->error)
		return first_error(result);
	for (size_t i = 0; i < result->count; i++)
		if (result->items[i].verdict != PASS &&
		    !left_out(&result->items[i]))
			return &result->items[i];
	return NULL;
}

static void
put_row(FILE *out, const struct result *result)
{
	const struct item *missing = first_missing(result);
	const char *const texts[] = { missing ? missing->name : "",
		missing ? verdict_word(missing->verdict) : "",
		missing ? missing->reason : "",
		missing ? missing->resembles : "",
		missing ? unless_dash(missing->trace) : "",
		result->grader, result->seeds };
	size_t passed = 0, checks = 0;

	for (size_t i = 0; i < result->count; i++)
		if (result->items[i].max.top > 0) {
			checks++;
			passed += result->items[i].verdict == PASS;
		}
	put_exercise(out, result);
	fprintf(out, ",\"%s\"", result->error ? "error" : "graded");
	put_number(out, !result->error, result->points);
	put_number(out, true, result->max);
	put_fraction(out, !result->error, result->points);
	fprintf(out, ",%zu,%zu,", passed, checks);
	put_fields(out, texts, sizeof(texts) / sizeof(*texts));
	fputs("\r\n", out);
}

void
put_rows_head(FILE *out)
{
	static const char *const names[] = { EXERCISE_NAMES, "status",
		"points", "max", "points exact", "passed", "checks",
		"first failed", "verdict", "reason", "resembles", "trace",
		"grader", "seeds" };

	put_head(out, names, sizeof(names) / sizeof(*names));
}

void
put_rows(FILE *out, const struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		put_row(out, &batch->results[i]);
}
