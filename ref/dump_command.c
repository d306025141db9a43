/* dump_command.c - the dump as a command: tp verb address flags */
/* SPDX-License-Identifier: MIT */
/*
 * Microsoft's debugger has a command for its thread pool, !tp. This is the
 * same for this one: its verbs, what an address of 0 means and what it means
 * to leave it out, its flags. A program calls it by a line of text, a
 * debugger by numbers, since it could not pass text without the allocator
 * of a process that may have stopped in it (tp.gdb).
 *
 * Interface: tp_dump_command, tp_dump_text (dump.h).
 *
 * Locks: of the stream, then tp_waitable_lock and what it takes to walk
 * through the pools; in a process that stands still, none.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dump.h"
#include "show.h"

#define WORDS_MAX	3
#define WORD_SIZE	32
#define ALL_FLAGS	(TP_SHOW_LINE | TP_SHOW_MEMBERS | TP_SHOW_QUEUE)

/* ---- The verbs ---- */

static void
show_pools(struct tp_show *show)
{
	tp_show_pools(show, tp_show_pool);
}

static void
show_objects(struct tp_show *show)
{
	tp_show_pools(show, tp_show_objects_of);
}

static void
show_timers(struct tp_show *show)
{
	tp_show_pools(show, tp_show_timers_of);
}

static void
show_wait_objects(struct tp_show *show)
{
	tp_show_pools(show, tp_show_wait_objects_of);
}

static void
show_work(struct tp_show *show)
{
	tp_show_pools(show, tp_show_work_of);
}

static void
show_workers(struct tp_show *show)
{
	tp_show_pools(show, tp_show_workers_of);
}

static void
show_queues(struct tp_show *show)
{
	tp_show_pools(show, tp_show_queue_of);
}

static void
show_statistics(struct tp_show *show)
{
	tp_show_pools(show, tp_show_statistics_of);
}

static void
show_factories(struct tp_show *show)
{
	tp_show_pools(show, tp_show_factory_of);
}

/* By their numbers, from 1 on: tp.gdb has the same. */
static const struct verb {
	const char *name;
	const char *shows;
	const char *none_here;	/* of the current thread; NULL: no matter */
	void (*show)(struct tp_show *show);
} verbs[] = {
	{ "pool", "pools", NULL, show_pools },
	{ "obj", "objects of every kind", NULL, show_objects },
	{ "tqueue", "what is due, in order; address: of an object, pool, "
		"group, queue", NULL, tp_show_due_times },
	{ "ttimer", "timers", NULL, show_timers },
	{ "waiter", "who waits for what; address: a wait object, or a handle",
		"waits for no object", tp_show_waiters },
	{ "wait", "wait objects and registered waits", NULL,
		show_wait_objects },
	{ "work", "work objects, simple callbacks and work items", NULL,
		show_work },
	{ "worker", "worker threads", "is no worker", show_workers },
	{ "wqueue", "what is queued, by priority; address: of a pool",
		NULL, show_queues },
	{ "stats", "counts; address: of a pool", NULL, show_statistics },
	{ "factory", "what the number of threads is decided by; address: "
		"of a pool", NULL, show_factories }
};

#define VERBS	(sizeof(verbs) / sizeof(*verbs))

static void
show_help(struct tp_show *show)
{
	tp_say(show, "tp VERB [ADDRESS [FLAGS]]\n");
	for (unsigned i = 0; i < VERBS; i++) {
		tp_say_name(show, 1, verbs[i].name);
		tp_say(show, "%s\n", verbs[i].shows);
	}
	tp_say(show, "ADDRESS 0 or none: all; waiter and worker without one: "
		"the current thread.\nFLAGS: 1 a line each, 2 members, "
		"4 the queue of a pool, or a sum; none: 1.\n");
}

/* ---- Carrying it out ---- */

static const char wrong_flags[] = "flags are 1, 2, 4, or a sum of them";

/* One line says what is wrong with the command. Returns -1. */
static int
refuse(struct tp_show *show, const char *name, const char *wrong)
{
	tp_say(show, "tp: %s: %s\n", name, wrong);
	return -1;
}

/* Nothing was shown: why not? 0, or -1 if the address was wrong. */
static int
say_nothing(struct tp_show *show, const struct verb *verb)
{
	char name[TP_NAME_SIZE];

	if (show->here) {
		tp_show_label(show, name, tp_thread_label());
		tp_say_name(show, 0, name);
		tp_say(show, "%s\n", verb->none_here);
		return 0;
	}
	if (show->address == 0 || show->known) {
		tp_say(show, "none\n");
		return 0;
	}
	tp_say(show, "tp: %s: nothing known has the address 0x%" PRIxPTR
		"\n", verb->name, show->address);
	return -1;
}

/* Locks are held, or not needed. */
static int
perform(struct tp_show *show, const struct verb *verb)
{
	if (show->flags == 0)
		show->flags = TP_SHOW_LINE;
	show->addresses = true;
	verb->show(show);
	return show->shown > 0 ? 0 : say_nothing(show, verb);
}

/* ---- A line of text ---- */

/* The next word; its length, or 0: there is none. */
static size_t
next_word(const char **text, char word[WORD_SIZE])
{
	size_t length = 0;

	while (isspace((unsigned char)**text))
		(*text)++;
	for (; **text != '\0' && !isspace((unsigned char)**text); (*text)++)
		if (length < WORD_SIZE - 1)
			word[length++] = **text;
	word[length] = '\0';
	return length;
}

static const struct verb *
find_verb(const char *name)
{
	for (unsigned i = 0; i < VERBS; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

/* A number as C writes it. False: the word is none, or is too big. */
static bool
read_number(const char *word, uintptr_t *number)
{
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)*word))
		return false;
	errno = 0;
	value = strtoull(word, &end, 0);
	*number = (uintptr_t)value;
	return *end == '\0' && errno == 0 && value <= UINTPTR_MAX;
}

/* Reads what follows the verb. NULL: it is good; else what is wrong. */
static const char *
read_arguments(struct tp_show *show, const struct verb *verb,
	const char *text)
{
	char word[WORD_SIZE];
	uintptr_t flags;

	if (next_word(&text, word) == 0) {
		show->here = verb->none_here != NULL;
		return NULL;
	}
	if (!read_number(word, &show->address))
		return "this is no address";
	if (next_word(&text, word) == 0)
		return NULL;
	if (!read_number(word, &flags) || flags > ALL_FLAGS)
		return wrong_flags;
	show->flags = (unsigned)flags;
	if (next_word(&text, word) > 0)
		return "nothing can follow the flags";
	return NULL;
}

static int
read_and_perform(struct tp_show *show, const char *command)
{
	char word[WORD_SIZE];
	const struct verb *verb;
	const char *wrong;
	int result;

	if (next_word(&command, word) == 0) {
		show_help(show);
		return 0;
	}
	verb = find_verb(word);
	wrong = verb == NULL ? "there is no such verb; tp alone lists them" :
		read_arguments(show, verb, command);
	if (wrong != NULL)
		return refuse(show, word, wrong);
	tp_lock(&tp_waitable_lock);
	result = perform(show, verb);
	tp_waitable_unlock();
	return result;
}

/* See dump.h. */
int
tp_dump_command(FILE *stream, const char *command)
{
	struct tp_show show = { .stream = stream };
	int error = errno, result;

	flockfile(stream);
	show.now = tp_now();
	show.wall = tp_wall();
	result = read_and_perform(&show, command);
	funlockfile(stream);
	errno = error;
	return result;
}

/* ---- A debugger ---- */

static char text[16384];

/* Only waiter and worker can do without an address. */
static void
perform_for_debugger(struct tp_show *show, const struct verb *verb)
{
	if (verb->none_here != NULL && show->address == TP_DUMP_HERE) {
		show->here = true;
		show->address = 0;
	}
	(void)perform(show, verb);
}

/* See dump.h. */
const char *
tp_dump_text(unsigned verb, uintptr_t address, unsigned flags, unsigned part)
{
	static tp_time now, wall;	/* when the first part was made */
	struct tp_show show = {
		.stopped = true, .flags = flags, .address = address,
		.text = text, .size = sizeof(text) - 1,
		.skip = (size_t)part * (sizeof(text) - 1)
	};
	size_t kept;

	if (part == 0) {
		now = tp_now();
		wall = tp_wall();
	}
	show.now = now;
	show.wall = wall;
	if (verb == 0 || verb > VERBS)
		show_help(&show);
	else if (flags > ALL_FLAGS)
		(void)refuse(&show, verbs[verb - 1].name, wrong_flags);
	else
		perform_for_debugger(&show, &verbs[verb - 1]);
	kept = show.said > show.skip ? show.said - show.skip : 0;
	text[kept < show.size ? kept : show.size] = '\0';
	return text;
}
