/* trace.c - TP_TRACE=file: what the pool did, and when */
/* SPDX-License-Identifier: MIT */
/*
 * The trace is a list of events in JSON, in the format that Chrome's tracing
 * page and Perfetto open: one line an event, in the order in which they
 * happened. Threads are numbered in the order of their first events, and
 * times count from the first event of all, so that a program that runs in
 * virtual time writes the same bytes in every run.
 *
 * Interface: tp_trace_open, tp_trace_write; and for the names of things
 * tp_thread_label, tp_thread_is, tp_number, tp_number_stopped, tp_name.
 *
 * The file is good JSON whenever one looks: each event is written, by one
 * call, over the bracket that closes the list, together with a new bracket.
 * So nothing is left to be done at the end, and the trace of a program that
 * stops in a callback, by exit() or by a fault, can be read up to there.
 *
 * Locks: trace_lock, a leaf: events come from under the pool lock too, lest
 * the trace show a callback before its post. Nothing is allocated.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace.h"

#define KINDS_MAX	32
#define LINE_MAX_SIZE	256	/* bytes of an event; none comes near */

bool tp_tracing;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct tp_mutex trace_lock = TP_MUTEX_INIT(TP_RANK_LEAF);

/* Guarded by trace_lock. */
static struct tp_label kinds[KINDS_MAX];	/* number: the last given */
static int file = -1;		/* -1: none, or it could not be written */
static off_t end;		/* of the last event in the file */
static tp_time start;		/* of the first event, by tp_now */
static unsigned threads;	/* that have had an event */

/* Used by its own thread only; label->number: guarded by trace_lock. */
static _Thread_local struct tp_label label;	/* kind NULL: not known yet */
static _Thread_local unsigned thread_number;	/* 0: no event yet */

/* ---- What people call things ---- */

/* See trace.h. */
unsigned
tp_number_stopped(const char *kind, unsigned *number)
{
	struct tp_label *given = kinds;

	if (*number != TP_UNNUMBERED)
		return *number;
	/* Kinds beyond the table share its last line. */
	while (given->kind != NULL && strcmp(given->kind, kind) != 0 &&
	    given < &kinds[KINDS_MAX - 1])
		given++;
	given->kind = kind;
	*number = ++given->number;
	return *number;
}

/* See trace.h. */
unsigned
tp_number(const char *kind, unsigned *number)
{
	unsigned given;

	tp_lock(&trace_lock);
	given = tp_number_stopped(kind, number);
	tp_unlock(&trace_lock);
	return given;
}

/* See trace.h. */
struct tp_label *
tp_thread_label(void)
{
	if (label.kind == NULL && tp_thread_is_main())
		tp_thread_is("main", TP_ONLY_ONE);
	else if (label.kind == NULL)
		tp_thread_is("thread", TP_UNNUMBERED);
	return &label;
}

/* See trace.h. */
void
tp_thread_is(const char *kind, unsigned number)
{
	label = (struct tp_label){ kind, number };
}

/* See trace.h. */
void
tp_name(char name[TP_NAME_SIZE], const char *kind, unsigned number)
{
	if (number == TP_ONLY_ONE)
		snprintf(name, TP_NAME_SIZE, "%s", kind);
	else
		snprintf(name, TP_NAME_SIZE, "%s %u", kind, number);
}

/* The same for a thing that may not have a number yet, nor a kind. */
static void
name_locked(char name[TP_NAME_SIZE], const char *kind, unsigned *number)
{
	name[0] = '\0';
	if (kind != NULL)
		tp_name(name, kind, tp_number_stopped(kind, number));
}

/* ---- The file ---- */

/* There is no trace, or no more of it, and one line says so. */
static void
give_up_locked(const char *what, int error)
{
	fprintf(stderr, "threadpool: warning: TP_TRACE: %s: %s\n", what,
		strerror(error));
	if (file >= 0)
		(void)close(file);
	file = -1;
}

/* The file ends with the last event that is whole, and with a bracket. */
static bool
cut_locked(void)
{
	return ftruncate(file, end) == 0 && pwrite(file, "\n]\n", 3, end) == 3;
}

/* Adds to the list in the file, and closes the list. */
static void
append_locked(const char *event)
{
	char text[LINE_MAX_SIZE + 8];
	int size = snprintf(text, sizeof(text), "%s\n%s\n]\n",
		end > 1 ? "," : "", event);
	ssize_t written;
	int error;

	do
		written = pwrite(file, text, (size_t)size, end);
	while (written < 0 && errno == EINTR);
	if (written == size) {
		end += size - 3;	/* up to the bracket's line */
		return;
	}
	error = written < 0 ? errno : ENOSPC;
	give_up_locked(cut_locked() ? "the trace ends here" :
		"the trace ends in the middle of an event", error);
}

/* Decides whether there is a trace. No other thread traces yet. */
static void
open_once(void)
{
	const char *path = getenv("TP_TRACE");

	if (path == NULL || *path == '\0')
		return;
	file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (file < 0 || pwrite(file, "[\n]\n", 4, 0) != 4) {
		give_up_locked(path, errno);
		return;
	}
	end = 1;
	tp_tracing = true;
}

/* See trace.h. */
void
tp_trace_open(void)
{
	(void)pthread_once(&once, open_once);
}

/* ---- Events ---- */

/*
 * How an event reads: B and E are the begin and the end of something that
 * lasts, i is a moment. The name of what it happened to follows `before`.
 */
static const struct form {
	char phase;
	const char *category;
	const char *before;
	const char *count;	/* what the count counts; NULL: no count */
} forms[] = {
	[TP_EVENT_POOL_MADE] = { 'i', "pool", "make ", NULL },
	[TP_EVENT_POOL_CLOSED] = { 'i', "pool", "close ", NULL },
	[TP_EVENT_POST] = { 'i', "post", "post ", "pending" },
	[TP_EVENT_CANCEL] = { 'i', "cancel", "cancel ", "dropped" },
	[TP_EVENT_CALLBACK] = { 'B', "callback", "", NULL },
	[TP_EVENT_CALLBACK_END] = { 'E', "callback", "", NULL },
	[TP_EVENT_WAIT] = { 'B', "wait", "wait for ", NULL },
	[TP_EVENT_WAIT_END] = { 'E', "wait", "wait for ", NULL },
	[TP_EVENT_IDLE] = { 'B', "idle", "idle", NULL },
	[TP_EVENT_IDLE_END] = { 'E', "idle", "idle", NULL },
	[TP_EVENT_BORN] = { 'i', "thread", "born", NULL },
	[TP_EVENT_RETIRED] = { 'i', "thread", "retired", NULL },
	[TP_EVENT_REFUSED] = { 'i', "thread", "refused", "threads" },
	[TP_EVENT_EXPIRY] = { 'i', "expiry", "due time", NULL }
};

/* The number of the calling thread; its first event is preceded by its name. */
static unsigned
thread_locked(void)
{
	char name[TP_NAME_SIZE], line[LINE_MAX_SIZE];
	struct tp_label *here = tp_thread_label();

	if (thread_number != 0)
		return thread_number;
	thread_number = ++threads;
	name_locked(name, here->kind, &here->number);
	snprintf(line, sizeof(line), "{\"ph\":\"M\",\"pid\":1,\"tid\":%u,"
		"\"name\":\"thread_name\",\"args\":{\"name\":\"%s\"}}",
		thread_number, name);
	append_locked(line);
	return thread_number;
}

/* Microseconds since the first event, with a tenth. */
static void
time_locked(char text[TP_NAME_SIZE])
{
	tp_time now = tp_now();

	if (end == 1)
		start = now;
	now -= start;
	snprintf(text, TP_NAME_SIZE, "%" PRId64 ".%d", now / 10,
		(int)(now % 10));
}

static void
write_locked(const struct form *form, const char *name, unsigned long count)
{
	char when[TP_NAME_SIZE], line[LINE_MAX_SIZE], more[TP_NAME_SIZE] = "";
	unsigned thread;

	/* First, since it may be this event that time begins with. */
	time_locked(when);
	thread = thread_locked();
	if (file < 0)
		return;
	if (form->count != NULL)
		snprintf(more, sizeof(more), ",\"args\":{\"%s\":%lu}",
			form->count, count);
	snprintf(line, sizeof(line), "{\"ph\":\"%c\",\"pid\":1,\"tid\":%u,"
		"\"ts\":%s,\"cat\":\"%s\",\"name\":\"%s%s\"%s%s}",
		form->phase, thread, when, form->category, form->before,
		name, form->phase == 'i' ? ",\"s\":\"t\"" : "", more);
	append_locked(line);
}

/* See trace.h. Locks: any but a leaf may be held. */
void
tp_trace_write(enum tp_event event, const char *kind, unsigned *number,
	unsigned long count)
{
	char name[TP_NAME_SIZE];

	tp_lock(&trace_lock);
	if (file >= 0) {
		name_locked(name, kind, number);
		write_locked(&forms[event], name, count);
	}
	tp_unlock(&trace_lock);
}
