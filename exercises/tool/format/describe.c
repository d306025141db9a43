/* describe.c - what every format says in words */
/* SPDX-License-Identifier: MIT */
/*
 * Each line begins with a word of ours: what a student has written is never
 * at the beginning of a line, where a log might take it for a command.
 */
#include "render.h"

#include <string.h>

bool
left_out(const struct item *item)
{
	return item->verdict == SKIP && item->max.top == 0;
}

void
describe_name(FILE *out, const struct item *item)
{
	if (strcmp(item->stage, item->name) != 0)
		fprintf(out, "%s: ", item->stage);
	fputs(item->name, out);
}

void
describe_points(FILE *out, const struct result *result,
	const struct item *item)
{
	if (item->max.top == 0)
		fputs("no points are at stake", out);
	else if (result->error)
		fprintf(out, "no points, because of an error; there are %s to "
			"be had", points_exact(item->max).text);
	else
		fprintf(out, "%s of %s", points_exact(item->points).text,
			points_exact(item->max).text);
}

/* The check in which a schedule failed, as the name of its trace has it. */
static void
describe_replay(FILE *out, const struct result *result,
	const struct item *item)
{
	size_t stage = strlen(item->stage);
	const char *check = item->trace + strlen("output/") + stage + 1;
	const char *suffix = strrchr(item->trace, '.');
	const char *named = strcmp(item->stage, "schedules") == 0 ? "" :
		item->stage;

	if (strcmp(item->replay, "-") == 0)
		return;
	if (suffix == NULL || suffix <= check ||
	    strncmp(item->trace + strlen("output/"), item->stage, stage) != 0 ||
	    check[-1] != '-') {
		fprintf(out, "\nSchedule: %s", item->replay);
		return;
	}
	fprintf(out, "\nTo see it again: exercises/grade replay %s%s%s%s "
		"%.*s '%s'", *named ? "--" : "", named, *named ? " " : "",
		result->exercise, (int)(suffix - check), check, item->replay);
}

void
describe(FILE *out, const struct result *result, const struct item *item)
{
	static const char *const labels[] = {
		[PASS] = "Remark", [FAIL] = "Happened",
		[TIMEOUT] = "Happened (it never ends)", [SKIP] = "Not run",
		[ERROR] = "The grader's own error, not the answer's"
	};

	fputs("Points: ", out);
	describe_points(out, result, item);
	fprintf(out, "\nPromised: %s", item->promise);
	if (*item->reason != '\0')
		fprintf(out, "\n%s: %s", labels[item->verdict], item->reason);
	else if (item->verdict != PASS)
		fprintf(out, "\n%s.", labels[item->verdict]);
	if (*item->resembles != '\0')
		fprintf(out, "\nResembles: %s", item->resembles);
	if (*item->hint != '\0')
		fprintf(out, "\nHint: %s", item->hint);
	describe_replay(out, result, item);
}

/* Hidden checks are counted and weighed before everybody. */
static void
describe_hidden(FILE *out, const struct result *result)
{
	struct points weight = { 0, 1 };
	int hidden = 0, checks = 0;

	for (size_t i = 0; i < result->count; i++) {
		checks += result->items[i].max.top > 0;
		if (!result->items[i].hidden)
			continue;
		hidden++;
		points_add(&weight, result->items[i].max);
	}
	if (hidden > 0)
		fprintf(out, " %d of the %d checks %s hidden, worth %s of %s.",
			hidden, checks, hidden == 1 ? "is" : "are",
			points_exact(weight).text,
			points_exact(result->max).text);
}

/* What a machine cannot look at is not lost, but unknown. */
static void
describe_unseen(FILE *out, const struct result *result)
{
	static const char begins[] = "this machine cannot ";
	struct points unseen = { 0, 1 };

	for (size_t i = 0; i < result->count; i++)
		if (result->items[i].verdict == SKIP && strncmp(begins,
		    result->items[i].reason, sizeof(begins) - 1) == 0)
			points_add(&unseen, result->items[i].max);
	if (unseen.top > 0)
		fprintf(out, " %s of them could not be looked at on this "
			"machine: they are neither won nor lost.",
			points_exact(unseen).text);
}

void
describe_total(FILE *out, const struct result *result)
{
	const struct item *item = first_error(result);

	fprintf(out, "%s %s (%s): ", result->id, result->title,
		result->exercise);
	if (item != NULL)
		fprintf(out, "no points. The grader or the machine was in "
			"trouble, which is not the answer's fault: %s.",
			item->hidden ? "in a hidden check" : item->reason);
	else
		fprintf(out, "%s of %s points.",
			points_exact(result->points).text,
			points_exact(result->max).text);
	describe_unseen(out, result);
	describe_hidden(out, result);
}
