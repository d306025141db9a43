/* sentence.c - waits and findings, in sentences */
/* SPDX-License-Identifier: MIT */
/*
 * A wait is a sentence's second half: "waits for the mutex queue.lock,
 * which thread 3 holds". A finding is one sentence: what went wrong, before
 * anything else is said. For an assertion or a misuse, that is what the
 * explored process said itself; but it knew objects only by number.
 *
 * Threads that wait for each other in a circle are the whole reason of many
 * a deadlock, so they have a sentence of their own.
 *
 * Interface: xp_say_wait, xp_say_cycle, xp_say_finding.
 */
#include <ctype.h>
#include <string.h>

#include "picture.h"

/* ---- Waits ---- */

/* The beginning of it, with %s for the object. */
static const char *
wait_words(unsigned kind)
{
	switch (kind) {
	case XP_BARRIER:
		return "waits at ";
	case XP_POLL:
	case XP_READ:
		return "waits for something to read from ";
	case XP_ACCEPT:
		return "waits for a connection to ";
	case XP_WRITE:
		return "waits for room to write to ";
	default:
		return "waits for ";
	}
}

/* For what a holder gives back; NULL: nobody is known to have it. */
static const char *
wait_for_holder(const struct xp_record *record, unsigned thread,
	const char *until)
{
	const struct xp_thread_note *note = &record->thread[thread];
	const char *holder = xp_say_thread((unsigned)note->holder);

	if (note->holder < 0)
		return note->kind == XP_LOCK ? xp_text("is about to lock %s",
			xp_the_object(record, note->object)) : NULL;
	if (note->kind == XP_JOIN)
		return xp_text("waits for %s to end", holder);
	if (note->kind == XP_ONCE)
		return xp_text("waits for pthread_once(%s), in which %s is",
			xp_say_object(note->object), holder);
	return xp_text("waits for %s, which %s holds%s",
		xp_the_object(record, note->object),
		note->holder == (int)thread ? "it itself" : holder, until);
}

/* For what others do; or why it does not wait at all. */
static const char *
wait_for_others(const struct xp_record *record,
	const struct xp_thread_note *note, const char *until)
{
	switch (note->kind) {
	case XP_YIELD:
	case XP_PAUSE:
	case XP_UNLOCK:
	case XP_RW_UNLOCK:
	case XP_ATOMIC:
	case XP_ACCESS:
	case XP_END:
		return "can go on";
	case XP_CREATE:
	case XP_DETACH:
	case XP_TRYLOCK:
	case XP_SIGNAL:
	case XP_BROADCAST:
	case XP_WAIT:
	case XP_SEM_POST:
	case XP_FUTEX_WAKE:
	case XP_SHUTDOWN:
		return xp_text("is about to %s%s%s", xp_kind_word(note->kind),
			note->object > 0 ? " " : "", note->object > 0 ?
			xp_the_object(record, note->object) : "");
	default:
		return xp_text("%s%s%s", wait_words(note->kind),
			note->object == 0 ? "something" :
			xp_the_object(record, note->object), until);
	}
}

/* What the thread waits for at the end, without its name. */
const char *
xp_say_wait(const struct xp_record *record, unsigned thread)
{
	const struct xp_thread_note *note = &record->thread[thread];
	const char *text = NULL, *until = "";

	if (note->deadline > 0 && note->deadline != XP_FOREVER)
		until = xp_text(", until %s at the latest",
			xp_say_time(note->deadline));
	switch (note->kind) {
	case XP_START:
		return "has not begun yet";
	case XP_SLEEP:
		return xp_text("sleeps until %s",
			xp_say_time(note->deadline));
	case XP_STILL:
		return "waits until nobody else can run";
	case XP_JOIN:
	case XP_LOCK:
	case XP_READ_LOCK:
	case XP_WRITE_LOCK:
	case XP_ONCE:
		text = wait_for_holder(record, thread, until);
		break;
	default:
		break;
	}
	return text != NULL ? text : wait_for_others(record, note, until);
}

static bool
holds_up(const struct xp_record *record, unsigned thread)
{
	const struct xp_thread_note *note = &record->thread[thread];

	return note->lives && note->holder >= 0 &&
		(unsigned)note->holder < record->threads &&
		note->holder != (int)thread &&
		(note->kind == XP_JOIN || note->kind == XP_LOCK ||
		note->kind == XP_READ_LOCK || note->kind == XP_WRITE_LOCK ||
		note->kind == XP_ONCE);
}

/* One thread of a cycle, and the next. */
static const char *
link_words(const struct xp_record *record, unsigned thread)
{
	const struct xp_thread_note *note = &record->thread[thread];

	if (note->kind == XP_JOIN)
		return xp_text("waits for the end of %s",
			xp_say_thread((unsigned)note->holder));
	return xp_text("waits for %s of %s",
		xp_the_object(record, note->object),
		xp_say_thread((unsigned)note->holder));
}

const char *
xp_say_cycle(const struct xp_record *record)
{
	unsigned thread = record->threads, start;
	const char *text;

	for (unsigned i = 0; i < record->threads; i++) {
		unsigned at = i, steps = 0;

		while (holds_up(record, at) && steps++ <= record->threads)
			at = (unsigned)record->thread[at].holder;
		if (holds_up(record, at)) {
			thread = at;
			break;
		}
	}
	if (thread == record->threads)
		return NULL;
	start = thread;
	text = xp_say_thread(thread);
	do {
		text = xp_text("%s%s %s", text, thread == start ? "" :
			", which", link_words(record, thread));
		thread = (unsigned)record->thread[thread].holder;
	} while (thread != start);
	return text;
}

/* ---- Findings ---- */

/*
 * What the first waits for, and who waits for the same (at the same place,
 * if asked): "main, thread 2 and thread 3 wait for ..."; a bit for each.
 */
const char *
xp_say_group(const struct xp_record *record, unsigned first, bool place,
	uint32_t *said)
{
	const char *wait = xp_say_wait(record, first);
	const uintptr_t *frames = record->thread[first].frames;
	const char *names = xp_say_thread(first), *last = NULL;

	for (unsigned i = first + 1; i < record->threads; i++) {
		if (!record->thread[i].lives || (*said >> i & 1) ||
			strncmp(wait, "waits ", 6) != 0 ||
			strcmp(xp_say_wait(record, i), wait) != 0 || (place &&
			xp_spot(record->thread[i].frames) != xp_spot(frames)))
			continue;
		if (last != NULL)
			names = xp_text("%s, %s", names, last);
		last = xp_say_thread(i);
		*said |= (uint32_t)1 << i;
	}
	return last == NULL ? xp_text("%s %s", names, wait) :
		xp_text("%s and %s wait%s", names, last, wait + 5);
}

/* "Nobody can go on: main waits for ...; thread 2 waits for ..." */
static const char *
say_deadlock(const struct xp_record *record)
{
	const char *text = "Nobody can go on:";
	uint32_t said = 0;
	unsigned groups = 0;

	for (unsigned i = 0; i < record->threads && i < XP_THREADS; i++) {
		if (!record->thread[i].lives || (said >> i & 1))
			continue;
		text = xp_text("%s%s %s", text, groups > 0 ? ";" : "",
			xp_say_group(record, i, false, &said));
		if (++groups == 5)
			return xp_text("%s; and so on", text);
	}
	return text;
}

/* "written by thread 2 (pool.c:45)" */
static const char *
say_access(const struct xp_race_note *race, int i)
{
	const char *place = xp_say_spot(xp_spot(race->frames[i]));

	return xp_text("%s%s by %s%s%s%s", i == 0 && race->frees ?
		"freed" : race->write[i] ? "written" : "read",
		race->atomic[i] ? " atomically" : "",
		xp_say_thread(race->thread[i]), *place != '\0' ? " (" : "",
		place, *place != '\0' ? ")" : "");
}

static const char *
say_race(const struct xp_record *record)
{
	const struct xp_race_note *race = &record->race;

	return xp_text("%s is %s and %s, and nothing orders the two",
		xp_say_race_memory(record), say_access(race, 1),
		say_access(race, 0));
}

/* The child knows objects as "mutex 3" only. */
static const char *
with_names(const struct xp_record *record, const char *text)
{
	for (unsigned n = 1; n <= record->objects && n <= XP_OBJECTS; n++) {
		const struct xp_object_note *note = &record->object[n - 1];
		const char *plain = xp_text("%s %u",
			xp_object_word(note->kind), note->rank);
		const char *at = note->name[0] != '\0' ? NULL :
			strstr(text, plain);

		if (at == NULL || isdigit((unsigned char)at[strlen(plain)]))
			continue;
		text = xp_text("%.*s%s%s", (int)(at - text), text,
			xp_the_object(record, n), at + strlen(plain));
	}
	return text;
}

/* One sentence, without its full stop. */
const char *
xp_say_finding(const struct xp_finding *finding)
{
	const struct xp_record *record = finding->record;
	const char *text;

	if (record->verdict == XP_DEADLOCK)
		return say_deadlock(record);
	if (record->verdict == XP_RACE)
		return say_race(record);
	text = with_names(record, record->text);
	if (record->verdict == XP_LIVELOCK)
		return xp_text("%c%s: the threads run on and get nowhere",
			toupper((unsigned char)*text), text + 1);
	if (*text == '\0')
		text = xp_verdict_word(record->verdict);
	if (text[strcspn(text, " _(:")] != ' ')	/* a name */
		return text;
	return xp_text("%c%s", toupper((unsigned char)*text), text + 1);
}
