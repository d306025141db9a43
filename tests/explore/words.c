/* words.c - steps, waits and findings in words */
/* SPDX-License-Identifier: MIT */
/*
 * A step is as short as a cell of a table: "lock queue.lock", "signal more
 * -> thread 2". An object in a sentence has its kind before its name: "the
 * mutex queue.lock".
 *
 * Interface: xp_text, xp_text_free; xp_say_time, xp_say_step,
 * xp_the_object; the words of kinds, outcomes and verdicts.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"

/* ---- Texts that live as long as a report ---- */

struct text {
	struct text *next;
	char text[];
};

static struct text *texts;

const char *
xp_text(const char *format, ...)
{
	va_list arguments;
	struct text *new;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		return "";
	new = malloc(sizeof *new + (size_t)length + 1);
	if (new == NULL)
		return "";
	va_start(arguments, format);
	vsnprintf(new->text, (size_t)length + 1, format, arguments);
	va_end(arguments);
	new->next = texts;
	texts = new;
	return new->text;
}

void
xp_text_free(void)
{
	while (texts != NULL) {
		struct text *next = texts->next;

		free(texts);
		texts = next;
	}
}

/* ---- Single words ---- */

const char *
xp_verdict_word(enum xp_verdict verdict)
{
	static const char *const words[] = {
		[XP_NONE] = "none", [XP_PASS] = "pass",
		[XP_DEADLOCK] = "deadlock", [XP_LIVELOCK] = "livelock",
		[XP_HANG] = "hang", [XP_CRASH] = "crash",
		[XP_SANITIZER] = "sanitizer", [XP_ASSERTION] = "assertion",
		[XP_MISUSE] = "misuse", [XP_RACE] = "race",
		[XP_LEFTOVER] = "leftover", [XP_EXIT] = "exit",
		[XP_TROUBLE] = "trouble",
	};

	return (size_t)verdict < sizeof words / sizeof words[0] ?
		words[verdict] : "none";
}

/* What a step does, with an object or a thread after it. */
static const char *const verbs[XP_KINDS] = {
	[XP_START] = "starts", [XP_END] = "ends", [XP_CREATE] = "create",
	[XP_JOIN] = "join", [XP_DETACH] = "detach", [XP_YIELD] = "yields",
	[XP_PAUSE] = "changes the time",
	[XP_LOCK] = "lock", [XP_TRYLOCK] = "try to lock",
	[XP_UNLOCK] = "unlock", [XP_WAIT] = "wait", [XP_WAKE] = "wakes",
	[XP_SIGNAL] = "signal", [XP_BROADCAST] = "broadcast",
	[XP_READ_LOCK] = "read-lock", [XP_WRITE_LOCK] = "write-lock",
	[XP_RW_UNLOCK] = "unlock", [XP_SEM_WAIT] = "down",
	[XP_SEM_POST] = "up", [XP_ONCE] = "pthread_once",
	[XP_BARRIER] = "barrier",
	[XP_SLEEP] = "slept", [XP_STILL] = "all is still",
	[XP_POLL] = "poll", [XP_READ] = "read", [XP_WRITE] = "write",
	[XP_ACCEPT] = "accept", [XP_SHUTDOWN] = "shut down",
	[XP_FUTEX_WAIT] = "futex wait", [XP_FUTEX_WAKE] = "futex wake",
	[XP_ATOMIC] = "atomic", [XP_ACCESS] = "access", [XP_NOTE] = "note",
};

const char *
xp_kind_word(unsigned kind)
{
	return kind < XP_KINDS && verbs[kind] != NULL ? verbs[kind] : "step";
}

const char *
xp_object_word(unsigned kind)
{
	static const char *const words[XP_OBJECT_KINDS] = {
		"mutex", "spin lock", "condition", "rwlock", "semaphore",
		"once", "barrier", "futex", "descriptor", "memory"
	};

	return kind < XP_OBJECT_KINDS ? words[kind] : "object";
}

const char *
xp_outcome_word(unsigned outcome)
{
	return outcome == XP_TIMED_OUT ? "timed out" :
		outcome == XP_SPURIOUS ? "spurious" : "ready";
}

/* "20 ms", "0.25 ms", "3600000 ms". */
const char *
xp_say_time(xp_time time)
{
	char fraction[16];
	size_t length;

	snprintf(fraction, sizeof fraction, ".%06d", (int)(time % XP_MS));
	length = strlen(fraction);
	while (length > 0 && fraction[length - 1] == '0')
		fraction[--length] = '\0';
	return xp_text("%jd%s ms", (intmax_t)(time / XP_MS),
		length > 1 ? fraction : "");
}

/* "the mutex queue.lock"; but "mutex 3" if it has no better name. */
const char *
xp_the_object(const struct xp_record *record, unsigned number)
{
	const char *name = xp_say_object(number), *word;

	if (number == 0 || number > record->objects || number > XP_OBJECTS)
		return "something";
	word = xp_object_word(record->object[number - 1].kind);
	if (record->object[number - 1].kind == XP_ONCE_OBJECT)
		return xp_text("pthread_once(%s)", name);
	if (strncmp(name, word, strlen(word)) == 0)
		return name;
	return xp_text("the %s %s", word, name);
}

/* ---- Steps ---- */

/* "thread 2, thread 3": whom a signal or a broadcast woke; or "". */
const char *
xp_say_woken(const struct xp_event *event)
{
	uint32_t mask = event->kind == XP_BROADCAST ? event->waiters :
		event->woke > 0 ? (uint32_t)1 << (event->woke - 1) : 0;
	const char *text = "";

	for (unsigned i = 0; i < XP_THREADS; i++)
		if (mask >> i & 1)
			text = xp_text("%s%s%s", text,
				*text != '\0' ? ", " : "",
				xp_say_thread(i));
	return text;
}

static const char *
say_note(const struct xp_record *record, const struct xp_event *event)
{
	return xp_text("\"%.*s\"", XP_NOTE_TEXT,
		record->notes[event->data % XP_NOTES]);
}

static const char *
say_access(const struct xp_event *event)
{
	const struct xp_spot *spot = xp_spot(event->frames);
	const char *freed = spot != NULL ? xp_quote_freed(spot->source) :
		NULL;

	if (event->size == 0)
		return xp_text("free %s", freed != NULL ? freed :
			xp_say_memory(event->data));
	return xp_text("%s%s %s",
		event->kind == XP_ATOMIC ? "atomic " : "",
		event->write ? "write" : "read", xp_say_memory(event->data));
}

/* How it came out, if not as usual. */
static const char *
remark(const struct xp_event *event)
{
	if (event->kind == XP_ONCE && event->data == 1)
		return ": is done";
	if (event->kind == XP_BARRIER && event->data == 1)
		return ": goes on";
	if (event->kind == XP_FUTEX_WAKE)
		return event->waiters == 0 ? " (nobody waits)" :
			xp_text(" -> %s", xp_say_woken(event));
	if ((event->kind == XP_READ || event->kind == XP_WRITE ||
	    event->kind == XP_ACCEPT) && event->data > 0)
		return event->data == 1 + EXPLORE_SHORT ? ": half of it" :
			xp_text(": fails (%s)",
			xp_fault_word((unsigned)event->data - 1));
	if (event->kind == XP_TRYLOCK)
		return event->write ? "" : ": it is taken";
	if (event->outcome == XP_TIMED_OUT)
		return ": times out";
	return event->outcome == XP_SPURIOUS ? ": for no reason" : "";
}

/* Where; "" for a thread's begin and end, which nobody calls. */
const char *
xp_say_where(const struct xp_event *event)
{
	if (event->kind == XP_START || event->kind == XP_END)
		return "";
	return xp_say_spot(xp_spot(event->frames));
}

/* What the thread did: the text of a cell. */
const char *
xp_say_step(const struct xp_record *record, const struct xp_event *event)
{
	const char *verb = xp_kind_word(event->kind);

	switch (event->kind) {
	case XP_CREATE:
	case XP_JOIN:
	case XP_DETACH:
		return xp_text("%s %s", verb,
			xp_say_thread((unsigned)event->data));
	case XP_SLEEP:
		return xp_text("%s %s", verb,
			xp_say_time((xp_time)event->data));
	case XP_FUTEX_WAIT:
		if (event->data == 0)	/* only begins to */
			return xp_text("%s %s", verb,
				xp_say_object(event->object));
		/* fall through */
	case XP_WAKE:
		return event->outcome == XP_TIMED_OUT ? "times out" :
			event->outcome == XP_SPURIOUS ?
			"wakes for no reason" : "wakes";
	case XP_SIGNAL:
	case XP_BROADCAST:
		return xp_text("%s %s%s%s", verb,
			xp_say_object(event->object),
			event->waiters == 0 ? " (nobody waits)" : " -> ",
			xp_say_woken(event));
	case XP_ATOMIC:
	case XP_ACCESS:
		return say_access(event);
	case XP_NOTE:
		return say_note(record, event);
	default:
		if (event->object == 0)
			return xp_text("%s%s", verb, remark(event));
		return xp_text("%s %s%s", verb, xp_say_object(event->object),
			remark(event));
	}
}
