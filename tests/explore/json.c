/* json.c - a finding for programs */
/* SPDX-License-Identifier: MIT */
/*
 * One object. Threads are numbered from 0 (main), objects from 1, steps from
 * 0; places are "file:line" (with function, and source where it matters);
 * times are ns; what is not known is null, an unknown number -1 or 0.
 *
 *	verdict		a word: deadlock, race, assertion, ...
 *	sentence	what went wrong, in words, without a full stop
 *	program, replay, schedule, seed, executions, preemptions
 *	time, steps	at the end
 *	place, source	where it failed; null for deadlocks
 *	cycle		threads that wait for each other, in words; or null
 *	threads[]	number, letter, name, lives; and if it lives: waits (in
 *			words), object, holder, deadline, place, source
 *	objects[]	number, kind, name, place (of its first use)
 *	race		null, or: name, size, accesses[2], the earlier first:
 *			thread, write, atomic, function, place, source
 *	events[]	thread, kind, text, outcome, object, time, before,
 *			late (it took effect before it was this thread's
 *			turn: right after its thread's event before),
 *			forced, ready[] (threads), woke (or -1), place
 *	output		what the program printed
 *
 * Bytes that are not ASCII are written as \u00XX each, so that the file is
 * valid whatever the program printed.
 */
#include <string.h>

#include "picture.h"

/* ---- Values ---- */

static void
put_bytes(FILE *out, const char *text, size_t length)
{
	fputc('"', out);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < ' ' || c >= 127)
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

/* An empty text is null. */
static void
put_text(FILE *out, const char *name, const char *text)
{
	fprintf(out, ", \"%s\": ", name);
	if (text != NULL && *text != '\0')
		put_bytes(out, text, strlen(text));
	else
		fputs("null", out);
}

static void
put_number(FILE *out, const char *name, intmax_t number)
{
	fprintf(out, ", \"%s\": %jd", name, number);
}

static void
put_truth(FILE *out, const char *name, bool truth)
{
	fprintf(out, ", \"%s\": %s", name, truth ? "true" : "false");
}

static void
put_place(FILE *out, const uintptr_t frames[XP_FRAMES], bool source)
{
	const struct xp_spot *spot = xp_spot(frames);

	put_text(out, "function", spot != NULL ? spot->function : NULL);
	put_text(out, "place", xp_say_spot(spot));
	if (source)
		put_text(out, "source", spot != NULL ? spot->source : NULL);
}

/* ---- Parts ---- */

static void
put_threads(FILE *out, const struct xp_record *record)
{
	fputs(",\n\"threads\": [", out);
	for (unsigned i = 0; i < record->threads && i < XP_THREADS; i++) {
		const struct xp_thread_note *note = &record->thread[i];

		fprintf(out, "%s\n{\"number\": %u, \"letter\": \"%c\"",
			i > 0 ? "," : "", i, xp_letter(i));
		put_text(out, "name", xp_say_thread(i));
		put_truth(out, "lives", note->lives);
		if (note->lives) {
			put_text(out, "waits", xp_say_wait(record, i));
			put_number(out, "object", note->object);
			put_number(out, "holder", note->holder);
			put_number(out, "deadline", note->deadline);
			put_place(out, note->frames, true);
		}
		fputc('}', out);
	}
	fputs("]", out);
}

static void
put_objects(FILE *out, const struct xp_record *record)
{
	fputs(",\n\"objects\": [", out);
	for (unsigned i = 0; i < record->objects && i < XP_OBJECTS; i++) {
		const struct xp_object_note *note = &record->object[i];

		fprintf(out, "%s\n{\"number\": %u", i > 0 ? "," : "", i + 1);
		put_text(out, "kind", xp_object_word(note->kind));
		put_text(out, "name", xp_say_object(i + 1));
		put_place(out, note->frames, false);
		fputc('}', out);
	}
	fputs("]", out);
}

static void
put_race(FILE *out, const struct xp_record *record)
{
	const struct xp_race_note *race = &record->race;

	if (record->verdict != XP_RACE) {
		fputs(",\n\"race\": null", out);
		return;
	}
	fprintf(out, ",\n\"race\": {\"size\": %zu", race->size);
	put_text(out, "name", xp_say_memory(race->address));
	fputs(", \"accesses\": [", out);
	for (int i = 1; i >= 0; i--) {
		fprintf(out, "{\"thread\": %u", race->thread[i]);
		put_truth(out, "write", race->write[i]);
		put_truth(out, "atomic", race->atomic[i]);
		put_place(out, race->frames[i], true);
		fputs(i > 0 ? "}, " : "}]}", out);
	}
}

static void
put_event(FILE *out, const struct xp_record *record, uint32_t i)
{
	const struct xp_event *event = &record->events[i];
	const char *comma = "";

	fprintf(out, "%s\n{\"thread\": %u", i > 0 ? "," : "",
		event->thread);
	put_text(out, "kind", xp_kind_word(event->kind));
	put_text(out, "text", xp_say_step(record, event));
	put_text(out, "outcome", xp_outcome_word(event->outcome));
	put_number(out, "object", event->object);
	put_number(out, "time", event->time);
	put_number(out, "before", event->before);
	put_truth(out, "late", xp_is_late(event));
	put_truth(out, "forced", i > 0 && event->before != event->thread &&
		(event->ready >> event->before & 1));
	fputs(", \"ready\": [", out);
	for (unsigned t = 0; t < XP_THREADS; t++)
		if (event->ready >> t & 1) {
			fprintf(out, "%s%u", comma, t);
			comma = ", ";
		}
	fputc(']', out);
	put_number(out, "woke", event->woke - 1);
	put_text(out, "place", xp_say_where(event));
	fputc('}', out);
}

static void
put_all(FILE *out, const struct xp_finding *finding)
{
	const struct xp_record *record = finding->record;
	uint32_t steps = record->steps < XP_STEPS ? record->steps : XP_STEPS;

	fprintf(out, "{\"verdict\": \"%s\"", xp_verdict_word(record->verdict));
	put_text(out, "sentence", xp_say_finding(finding));
	put_text(out, "program", finding->program);
	put_text(out, "replay", finding->replay);
	put_text(out, "schedule", finding->schedule);
	put_number(out, "seed", finding->seed);
	put_number(out, "executions", (intmax_t)finding->executions);
	put_number(out, "preemptions", finding->preemptions);
	put_number(out, "time", record->time);
	put_number(out, "steps", record->steps);
	put_number(out, "culprit", record->culprit);
	put_place(out, record->frames, true);
	put_text(out, "cycle", xp_say_cycle(record));
	put_threads(out, record);
	put_objects(out, record);
	put_race(out, record);
	fputs(",\n\"events\": [", out);
	for (uint32_t i = 0; i < steps; i++)
		put_event(out, record, i);
	fputs("],\n\"output\": ", out);
	put_bytes(out, finding->output != NULL ? finding->output : "",
		finding->output != NULL ? finding->output_length : 0);
	fputs("}\n", out);
}

/* See inner.h. */
void
xp_report_json(const struct xp_finding *finding, const char *file)
{
	FILE *out = fopen(file, "w");
	struct xp_picture picture;

	if (out == NULL) {
		perror(file);
		return;
	}
	xp_picture_begin(&picture, finding);
	put_all(out, finding);
	xp_picture_end(&picture);
	fclose(out);
}
