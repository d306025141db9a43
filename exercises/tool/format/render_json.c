/* render_json.c - the results for Gradescope, GitHub Classroom and Autolab */
/* SPDX-License-Identifier: MIT */
/*
 * None of these platforms has a word for "the grader was in trouble": where
 * there was an error, the document has no score at all, and says so.
 */
#include "escape.h"
#include "render.h"

#include <stdlib.h>
#include <string.h>

/* A text under construction: open_memstream, or the end of the program. */
struct text {
	FILE *stream;
	char *bytes;
	size_t size;
};

static void
text_open(struct text *text)
{
	text->stream = open_memstream(&text->bytes, &text->size);
	if (text->stream == NULL) {
		perror("render");
		exit(3);
	}
}

static void
text_close(struct text *text)
{
	if (fclose(text->stream) != 0) {
		perror("render");
		exit(3);
	}
}

static void
put_text(FILE *out, struct text *text)
{
	text_close(text);
	put_json(out, text->bytes);
	free(text->bytes);
}

static void
put_name(FILE *out, const struct result *result, const struct item *item)
{
	struct text text;

	text_open(&text);
	fprintf(text.stream, "%s ", result->id);
	describe_name(text.stream, item);
	if (item->verdict == ERROR)
		fputs(" (the grader's own error)", text.stream);
	put_text(out, &text);
}

/* ---- Gradescope ---- */

/*
 * results.json, as "Autograder Specifications" documents it:
 * https://gradescope-autograders.readthedocs.io/en/latest/specs/
 *
 * A check without points has a status and no score, as is documented there
 * for informational checks; an error has neither, and then no check has a
 * score, nor has the whole: half of the points would pass for the grade.
 * The platform hides the total from students if a check is hidden.
 */
static void
gradescope_extra(FILE *out, const struct item *item)
{
	fprintf(out, "   \"extra_data\": {\"stage\": \"%s\", "
		"\"check\": \"%s\", \"verdict\": \"%s\", "
		"\"points\": \"%s\", \"max\": \"%s\"",
		item->stage, item->name, verdict_word(item->verdict),
		item->verdict == ERROR ? "-" : points_exact(item->points).text,
		points_exact(item->max).text);
	if (strcmp(item->schedules, "-") != 0)
		fprintf(out, ", \"schedules\": %s", item->schedules);
	if (strcmp(item->replay, "-") != 0)
		fprintf(out, ", \"replay\": \"%s\"", item->replay);
	if (strcmp(item->trace, "-") != 0)
		fprintf(out, ", \"trace\": \"%s\"", item->trace);
	fputc('}', out);
}

static void
gradescope_test(FILE *out, const struct batch *batch,
	const struct result *result, const struct item *item)
{
	struct text text;

	fputs("  {\"name\": ", out);
	put_name(out, result, item);
	fputs(", \"name_format\": \"text\",\n   \"number\": \"", out);
	if (batch->count > 1)
		fprintf(out, "%td.", result - batch->results + 1);
	fprintf(out, "%td\"", item - result->items + 1);
	if (!batch->error && item->max.top > 0)
		fprintf(out, ", \"score\": %s, \"max_score\": %s",
			points_decimal(item->points).text,
			points_decimal(item->max).text);
	if (item->verdict != ERROR && !left_out(item))
		fprintf(out, ", \"status\": \"%s\"", item->verdict == PASS ?
			"passed" : "failed");
	fprintf(out, ",\n   \"visibility\": \"%s\",\n   \"output\": ",
		item->hidden ? "hidden" : "visible");
	text_open(&text);
	describe(text.stream, result, item);
	put_text(out, &text);
	fputs(", \"output_format\": \"text\",\n", out);
	gradescope_extra(out, item);
	fputc('}', out);
}

static void
gradescope_whole(FILE *out, const struct batch *batch)
{
	struct text text;

	if (!batch->error)
		fprintf(out, " \"score\": %s,\n",
			points_decimal(batch->points).text);
	if (batch->seconds != NULL)
		fprintf(out, " \"execution_time\": %s,\n", batch->seconds);
	fputs(" \"output\": ", out);
	text_open(&text);
	for (size_t i = 0; i < batch->count; i++) {
		describe_total(text.stream, &batch->results[i]);
		if (i + 1 < batch->count)
			fputc('\n', text.stream);
	}
	if (batch->count > 1 && !batch->error)
		fprintf(text.stream, "\nTogether: %s of %s points.",
			points_exact(batch->points).text,
			points_exact(batch->max).text);
	if (batch->count > 1 && batch->error)
		fputs("\nTogether: no points, because of the error.",
			text.stream);
	put_text(out, &text);
	fputs(",\n \"output_format\": \"text\", \"test_output_format\": "
		"\"text\", \"test_name_format\": \"text\",\n \"visibility\": "
		"\"visible\", \"stdout_visibility\": \"hidden\",\n", out);
}

static void
gradescope_results(FILE *out, const struct batch *batch)
{
	fputs(" \"extra_data\": {\"results\": [\n", out);
	for (size_t i = 0; i < batch->count; i++) {
		const struct result *result = &batch->results[i];

		fputs("  {\"exercise\": ", out);
		put_json(out, result->exercise);
		fprintf(out, ", \"id\": \"%s\", \"student\": ", result->id);
		put_json(out, result->student);
		fprintf(out, ", \"status\": \"%s\", \"points\": \"%s\", "
			"\"max\": \"%s\", \"grader\": ",
			result->error ? "error" : "graded", result->error ?
			"-" : points_exact(result->points).text,
			points_exact(result->max).text);
		put_json(out, result->grader);
		fputs(", \"seeds\": ", out);
		put_json(out, result->seeds);
		fputs(i + 1 < batch->count ? "},\n" : "}\n", out);
	}
	fputs(" ]},\n", out);
}

void
put_gradescope(FILE *out, const struct batch *batch)
{
	const char *comma = "";

	fputs("{\n", out);
	gradescope_whole(out, batch);
	gradescope_results(out, batch);
	fputs(" \"tests\": [\n", out);
	for (size_t i = 0; i < batch->count; i++)
		for (size_t j = 0; j < batch->results[i].count; j++) {
			fputs(comma, out);
			gradescope_test(out, batch, &batch->results[i],
				&batch->results[i].items[j]);
			comma = ",\n";
		}
	fputs("\n ]\n}\n", out);
}

/* ---- GitHub Classroom ---- */

/*
 * Base64 of JSON, as the reporter takes it from a grader's output `result':
 * https://github.com/classroom-resources/autograding-grading-reporter
 *
 * The reporter prints the message of an error, the name of a failure and of
 * what passed, and below each its test_code, where the explanation is for
 * that reason. It adds up all scores, as floating-point numbers: so each is
 * a multiple of 1/1024, rounded so that those up to any check are right by
 * half of that, and a whole total comes out whole. With a max_score of 0 it
 * tells Classroom nothing, and the points of an earlier run stay: that is
 * what an error needs. Its scores are null, which adds nothing.
 */
#define PARTS 1024

static long long
parts(struct points points)
{
	return (points.top * PARTS * 2 + points.bottom) / (points.bottom * 2);
}

/*
 * A runner of Actions takes ##[ for the start of a command, wherever it is in a
 * line, and :: at its beginning, where describe() puts words of its own.
 */
static void
put_log_text(FILE *out, struct text *text)
{
	char *command;

	text_close(text);
	while ((command = strstr(text->bytes, "##[")) != NULL)
		memcpy(command, "# [", 3);
	put_json(out, text->bytes);
	free(text->bytes);
}

static void
classroom_words(FILE *out, const struct result *result,
	const struct item *item)
{
	struct text text;

	text_open(&text);
	if (item->hidden) {
		fputs("Points: ", text.stream);
		describe_points(text.stream, result, item);
		fprintf(text.stream, "\nPromised: %s\nThis check is hidden.",
			item->promise);
	} else {
		describe(text.stream, result, item);
	}
	put_log_text(out, &text);
}

static void
classroom_test(FILE *out, const struct batch *batch,
	const struct result *result, const struct item *item,
	struct points *sum)
{
	struct points score = { -parts(*sum), PARTS };
	const char *status = item->verdict == PASS ? "pass" :
	    item->verdict == ERROR ? "error" : "fail";

	points_add(sum, item->points);
	score.top += parts(*sum);
	fputs("{\"name\":", out);
	put_name(out, result, item);
	fprintf(out, ",\"status\":\"%s\",\"score\":%s,\"message\":", status,
		batch->error ? "null" : points_decimal(score).text);
	if (item->verdict == PASS)
		fputs("null", out);
	else
		classroom_words(out, result, item);
	fputs(",\"test_code\":", out);
	if (item->verdict == PASS || item->verdict == ERROR)
		fputs("\"\"", out);
	else
		classroom_words(out, result, item);
	fputs(",\"filename\":\"\",\"line_no\":0}", out);
}

static void
classroom_document(FILE *out, const struct batch *batch)
{
	struct points sum = { 0, 1 };
	const char *comma = "";

	fprintf(out, "{\"version\":1,\"status\":\"%s\",\"max_score\":%s,"
		"\"tests\":[", batch->error ? "error" :
		points_equal(batch->points, batch->max) ? "pass" : "fail",
		batch->error ? "0" : points_decimal(batch->max).text);
	for (size_t i = 0; i < batch->count; i++)
		for (size_t j = 0; j < batch->results[i].count; j++) {
			const struct result *result = &batch->results[i];

			if (left_out(&result->items[j]))
				continue;
			fputs(comma, out);
			classroom_test(out, batch, result, &result->items[j],
				&sum);
			comma = ",";
		}
	fputs("]}", out);
}

void
put_classroom(FILE *out, const struct batch *batch)
{
	struct text text;

	text_open(&text);
	classroom_document(text.stream, batch);
	text_close(&text);
	put_base64(out, (unsigned char *)text.bytes, text.size);
	free(text.bytes);
	fputc('\n', out);
}

/* ---- Autolab ---- */

/*
 * The autoresult is the last line: "Guide for Lab Authors",
 * https://docs.autolabproject.com/lab/. The line before it is what the page
 * shows: "Formatted Feedback", https://docs.autolabproject.com/features/
 * formatted-feedback/. A problem is an exercise, named by its ID; one with an
 * error has no score, and then there is no scoreboard either. The scoreboard
 * has a column for each exercise and, if there are several, one for the sum.
 */
static void
autolab_check(FILE *out, const struct result *result,
	const struct item *item)
{
	struct text text;
	bool passed = item->verdict == PASS;

	fprintf(out, "\"%s\": {\"passed\": %s", item->name,
		passed ? "true" : "false");
	if (!passed) {
		fputs(", \"hint\": ", out);
		text_open(&text);
		if (item->hidden)
			fprintf(text.stream, "This check is hidden. It "
				"promises: %s", item->promise);
		else
			describe(text.stream, result, item);
		put_text(out, &text);
	}
	fputc('}', out);
}

/* Is this the first item of its stage? */
static bool
begins_stage(const struct result *result, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (!left_out(&result->items[i]) &&
		    strcmp(result->items[i].stage,
		    result->items[at].stage) == 0)
			return false;
	return !left_out(&result->items[at]);
}

static void
autolab_stage(FILE *out, const struct result *result, const char *stage)
{
	const char *comma = "";

	fprintf(out, ", \"%s %s\": {", result->id, stage);
	for (size_t i = 0; i < result->count; i++)
		if (strcmp(result->items[i].stage, stage) == 0 &&
		    !left_out(&result->items[i])) {
			fputs(comma, out);
			autolab_check(out, result, &result->items[i]);
			comma = ", ";
		}
	fputc('}', out);
}

static void
autolab_feedback(FILE *out, const struct batch *batch)
{
	const char *comma = "";

	fputs("{\"_presentation\": \"semantic\", \"stages\": [", out);
	for (size_t i = 0; i < batch->count; i++)
		for (size_t j = 0; j < batch->results[i].count; j++)
			if (begins_stage(&batch->results[i], j)) {
				fprintf(out, "%s\"%s %s\"", comma,
					batch->results[i].id,
					batch->results[i].items[j].stage);
				comma = ", ";
			}
	fputc(']', out);
	for (size_t i = 0; i < batch->count; i++)
		for (size_t j = 0; j < batch->results[i].count; j++)
			if (begins_stage(&batch->results[i], j))
				autolab_stage(out, &batch->results[i],
					batch->results[i].items[j].stage);
	fputs("}\n", out);
}

void
put_autolab(FILE *out, const struct batch *batch)
{
	const char *comma = "";

	autolab_feedback(out, batch);
	fputs("{\"scores\": {", out);
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->results[i].error)
			continue;
		fprintf(out, "%s\"%s\": %s", comma, batch->results[i].id,
			points_decimal(batch->results[i].points).text);
		comma = ", ";
	}
	fputc('}', out);
	if (!batch->error) {
		fputs(", \"scoreboard\": [", out);
		for (size_t i = 0; i < batch->count; i++)
			fprintf(out, "%s%s", i > 0 ? ", " : "", points_decimal(
				batch->results[i].points).text);
		if (batch->count > 1)
			fprintf(out, ", %s", points_decimal(
				batch->points).text);
		fputc(']', out);
	}
	fputs("}\n", out);
}
