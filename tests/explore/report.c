/* report.c - what a failure reads like */
/* SPDX-License-Identifier: MIT */
/*
 * For somebody who has never seen one, and who will not read further than
 * needed. So, in this order:
 *
 *	1. what went wrong, in one sentence;
 *	2. where: each thread that waits, for what, and who has it, with the
 *	   line of the source; or the line that failed; or the two accesses;
 *	3. how it was found, and what to type to see it again;
 *	4. the interleaving, in columns (columns.c);
 *	5. what the program itself has printed.
 *
 * Everything is words and ASCII: it goes to terminals, into files of the
 * grader and into the book.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "picture.h"

#define WIDTH		76	/* that of the book's pages */
#define DUMP_WIDTH	70	/* of a line, without its margin */
#define DUMP_TAB	29	/* where the rest of a line goes on */
#define OUTPUT_LINES	20
#define CALLERS		3

/* ---- Text ---- */

/* Prints a paragraph, broken between words, indented. */
static void
fill_at(FILE *out, unsigned indent, const char *text, unsigned width)
{
	unsigned first = indent;
	size_t column = indent;

	fprintf(out, "%*s", (int)indent, "");
	while (*text != '\0') {
		size_t word = strcspn(text, " ");

		if (column > indent && column + 1 + word > width) {
			indent = first > 0 ? first + 2 : 0;
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', out);
			column++;
		}
		fwrite(text, 1, word, out);
		column += word;
		text += word;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

static void
fill(FILE *out, const char *text, unsigned width)
{
	fill_at(out, 0, text, width);
}

/* The line as it stands; without its comment, if it is too long. */
static const char *
shortened(const char *source, int room)
{
	int length = (int)strlen(source);
	const char *comment = strstr(source, "/*");

	if (length <= room)
		return source;
	if (comment != NULL && comment > source)
		length = (int)(comment - source);
	while (length > 0 && source[length - 1] == ' ')
		length--;
	if (length <= room)
		return xp_text("%.*s", length, source);
	return xp_text("%.*s...", room - 3, source);
}

/* "    pool.c:45  pthread_mutex_lock(&lock);" */
static void
print_source(FILE *out, const uintptr_t frames[XP_FRAMES], unsigned width)
{
	const struct xp_spot *spot = xp_spot(frames);
	const char *place = xp_say_spot(spot);
	int room = (int)width - 6 - (int)strlen(place);

	if (spot == NULL)
		return;
	room = room > 20 ? room : 20;
	fprintf(out, "    %s", place);
	if (spot->line > 0)
		fprintf(out, "  %s", shortened(spot->source, room));
	fputc('\n', out);
}

/* "    called by take (pool.c:70), main (pool.c:99)" */
static void
print_callers(FILE *out, const uintptr_t frames[XP_FRAMES], unsigned width)
{
	const struct xp_spot *callers[CALLERS];
	unsigned n = xp_spot_callers(frames, callers, CALLERS);
	const char *text = "called by";

	for (unsigned i = 0; i < n; i++)
		text = xp_text("%s%s %s (%s)", text, i > 0 ? "," : "",
			callers[i]->function, xp_say_spot(callers[i]));
	if (n > 0)
		fill_at(out, 4, text, width);
}

/* ---- Waits ---- */

static uint32_t
kept(const struct xp_record *record)
{
	return record->steps < XP_STEPS ? record->steps : XP_STEPS;
}

/* Where the holder took it. */
static void
print_holder(FILE *out, const struct xp_record *record,
	const struct xp_thread_note *note)
{
	for (uint32_t i = kept(record); i-- > 0;) {
		const struct xp_event *e = &record->events[i];

		if (e->object != note->object || e->thread != note->holder ||
			(e->kind != XP_LOCK && e->kind != XP_WRITE_LOCK &&
			(e->kind != XP_TRYLOCK || !e->write)))
			continue;
		fprintf(out, "    %s took it (%s)\n",
			xp_say_thread(e->thread),
			xp_say_spot(xp_spot(e->frames)));
		return;
	}
}

/* Was there a signal at all, and what became of it? */
static void
print_last_signal(FILE *out, const struct xp_record *record,
	unsigned object, unsigned width)
{
	for (uint32_t i = kept(record); i-- > 0;) {
		const struct xp_event *e = &record->events[i];

		if (e->object != object ||
			(e->kind != XP_SIGNAL && e->kind != XP_BROADCAST))
			continue;
		fill_at(out, 4, xp_text("last %s by %s (%s), %s",
			e->kind == XP_SIGNAL ? "signalled" : "broadcast",
			xp_say_thread(e->thread),
			xp_say_spot(xp_spot(e->frames)),
			e->waiters == 0 ? "when nobody waited" :
			xp_text("which woke %s", xp_say_woken(e))), width);
		return;
	}
	fputs("    nobody has signalled it\n", out);
}

static void
print_wait(FILE *out, const struct xp_record *record, unsigned thread,
	unsigned width, uint32_t *said)
{
	const struct xp_thread_note *note = &record->thread[thread];

	fill_at(out, 2, xp_say_group(record, thread, true, said), width);
	print_source(out, note->frames, width);
	if (note->kind == XP_LOCK || note->kind == XP_READ_LOCK ||
		note->kind == XP_WRITE_LOCK)
		print_holder(out, record, note);
	if (note->kind == XP_WAKE && note->object != 0)
		print_last_signal(out, record, note->object, width);
}

static void
print_waits(FILE *out, const struct xp_record *record, unsigned width)
{
	bool all = record->verdict == XP_DEADLOCK ||
		record->verdict == XP_LIVELOCK ||
		record->verdict == XP_HANG;
	uint32_t said = all ? 0 : (uint32_t)1 << record->culprit;
	const char *cycle = xp_say_cycle(record);
	const char *head = record->verdict == XP_DEADLOCK ?
		"\nWho waits, and for what:\n" : all ?
		"\nWhere the threads are:\n" : "\nThe other threads:\n";

	for (unsigned i = 0; i < record->threads && i < XP_THREADS; i++) {
		if (!record->thread[i].lives || (said >> i & 1))
			continue;
		fputs(head, out);
		head = "";
		print_wait(out, record, i, width, &said);
	}
	if (cycle != NULL) {
		fputs("\n", out);
		fill(out, xp_text("A cycle: %s.", cycle), width);
	}
}

/* ---- Other verdicts ---- */

static void
print_race(FILE *out, const struct xp_record *record, unsigned width)
{
	const struct xp_race_note *race = &record->race;

	fputc('\n', out);
	for (int i = 1; i >= 0; i--) {
		const struct xp_spot *spot = xp_spot(race->frames[i]);

		fprintf(out, "  %s %s it%s%s%s\n",
			xp_say_thread(race->thread[i]),
			i == 0 && race->frees ? "frees" :
			race->write[i] ? "writes" : "reads",
			race->atomic[i] ? " atomically" : "",
			spot != NULL ? ", in " : "",
			spot != NULL ? spot->function : "");
		print_source(out, race->frames[i], width);
		print_callers(out, race->frames[i], width);
	}
}

/* The line that failed; of memory that was freed: by whom. */
static void
print_failure(FILE *out, const struct xp_record *record, unsigned width)
{
	const struct xp_spot *spot = xp_spot(record->frames);

	if (spot == NULL)
		return;
	fprintf(out, "\n  %s, in %s\n", xp_say_thread(record->culprit),
		spot->function);
	print_source(out, record->frames, width);
	print_callers(out, record->frames, width);
	if (record->verdict != XP_MISUSE || record->race.frames[1][0] == 0)
		return;
	fprintf(out, "  %s had freed it\n",
		xp_say_thread(record->race.thread[1]));
	print_source(out, record->race.frames[1], width);
	print_callers(out, record->race.frames[1], width);
}

static void
print_where(FILE *out, const struct xp_record *record, unsigned width)
{
	switch (record->verdict) {
	case XP_RACE:
		print_race(out, record, width);
		break;
	case XP_DEADLOCK:
	case XP_LIVELOCK:
	case XP_HANG:
	case XP_LEFTOVER:
		print_waits(out, record, width);
		break;
	case XP_ASSERTION:
	case XP_MISUSE:
	case XP_CRASH:
	case XP_SANITIZER:
		print_failure(out, record, width);
		print_waits(out, record, width);
		break;
	default:
		break;
	}
}

/* ---- How to see it again ---- */

static void
print_replay(FILE *out, const struct xp_finding *finding, unsigned width)
{
	const struct xp_record *record = finding->record;
	const char *letters = "";

	fputc('\n', out);
	if (finding->executions == 0)
		fputs("Found in one of many executions; ", out);
	else if (finding->seed >= 0)
		fprintf(out, "Found in execution %lu of the portfolio (seed "
			"%ld); ", finding->executions, finding->seed);
	else
		fprintf(out, "Found in execution %lu; ", finding->executions);
	if (record->verdict == XP_LIVELOCK)
		fputs("it never ends.\n", out);
	else if (finding->preemptions == 0)
		fputs("it needs no forced switch.\n", out);
	else
		fprintf(out, "it needs %u forced switch%s.\n",
			finding->preemptions,
			finding->preemptions == 1 ? "" : "es");
	if (finding->replay != NULL)
		fprintf(out, "To see it again:\n\n    %s\n", finding->replay);
	if (finding->schedule == NULL || *finding->schedule == '\0')
		return;
	for (unsigned i = 0; i < record->threads && i < XP_THREADS; i++)
		letters = xp_text("%s%s %c is %s", letters, i > 0 ? "," : "",
			xp_letter(i), xp_say_thread(i));
	fputc('\n', out);
	fill(out, xp_text("In the schedule,%s; numbers are steps.", letters),
		width);
}

/* How much of a line fits: up to a comma, if the rest follows below. */
static size_t
fitting(const char *line, size_t length, size_t width)
{
	size_t most = width;

	if (length <= width)
		return length;
	while (most > 0 && line[most - 1] != ',')
		most--;
	return most > 0 ? most : length;
}

static void
print_indented(FILE *out, const char *text, const char *end, size_t width)
{
	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t length = (size_t)((stop != NULL ? stop : end) - text);
		size_t first = fitting(text, length, width);

		fprintf(out, "    %.*s\n", (int)first, text);
		if (first < length)
			fprintf(out, "%*s%.*s\n", DUMP_TAB, "",
				(int)(length - first), text + first);
		text += length + 1;
	}
}

/* What the pool says of itself, if the program has one and hangs. */
static void
print_dump(FILE *out, const struct xp_record *record)
{
	size_t length = strnlen(record->dump, sizeof(record->dump));

	if (length == 0)
		return;
	fputs("\nThe pools at that moment:\n\n", out);
	print_indented(out, record->dump, record->dump + length,
		DUMP_WIDTH);
}

/* The last lines of what the program printed. */
static void
print_output(FILE *out, const struct xp_finding *finding)
{
	const char *text = finding->output, *end;
	size_t lines = 0;

	if (text == NULL || finding->output_length == 0)
		return;
	end = text + finding->output_length;
	for (const char *p = end - 1; p > text; p--)
		if (p[-1] == '\n' && ++lines == OUTPUT_LINES)
			text = p;
	fprintf(out, "\nWhat the program printed%s:\n\n",
		text != finding->output ? " last" : "");
	print_indented(out, text, end, SIZE_MAX);
}

/* ---- Interface ---- */

static void
write_all(int descriptor, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write(descriptor, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text += n;
		length -= (size_t)n;
	}
}

/* See inner.h. */
void
xp_report_sentence(const struct xp_finding *finding, char *sentence,
	size_t size)
{
	struct xp_picture picture;

	xp_picture_begin(&picture, finding);
	snprintf(sentence, size, "%s", xp_say_finding(finding));
	xp_picture_end(&picture);
}

/* See inner.h. */
void
xp_report_text(const struct xp_finding *finding, int descriptor)
{
	unsigned width = finding->width > 0 ? finding->width : WIDTH;
	struct xp_picture picture;
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	if (out == NULL)
		return;
	xp_picture_begin(&picture, finding);
	fill(out, xp_text("%s.", xp_say_finding(finding)), width);
	print_where(out, finding->record, width);
	print_replay(out, finding, width);
	fputs("\nWhat happened, one step a line:\n\n", out);
	xp_columns(out, &picture, width);
	print_dump(out, finding->record);
	print_output(out, finding);
	if (xp_spots_trouble() != NULL)
		fprintf(out, "\nNote: %s.\n", xp_spots_trouble());
	xp_picture_end(&picture);
	fclose(out);
	write_all(descriptor, text, length);
	free(text);
}
