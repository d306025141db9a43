/* ending.c - how an execution ends: by a verdict, or with the program */
/* SPDX-License-Identifier: MIT */
/*
 * Whoever finds something wrong calls xp_verdict and does not return: the
 * process ends there, since no other thread runs any more. A program that
 * ends by itself has passed, unless its status says otherwise, it has left
 * something behind that it should not have, or it has ended too early. Both
 * write down where each thread stood.
 *
 * If the process ends in any other way there is no verdict in the record,
 * and the driver finds one (execution.c).
 *
 * Interface: xp_verdict, xp_note_end, xp_end, xp_end_now;
 * explore_finish_line.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inner.h"

_Noreturn void __real__exit(int status);

#pragma weak tp_dump_stopped
void tp_dump_stopped(FILE *file);

static bool finished;		/* the program has said so */

/* ---- What is written down ---- */

static void
note_thread(const struct xp_thread *thread)
{
	struct xp_thread_note *note = &xp_record->thread[thread->number];
	const struct xp_op *op = thread->op;

	note->lives = !thread->ended;
	note->holder = -1;
	memcpy(note->name, thread->name, sizeof(note->name));
	if (thread->ended || op == NULL)
		return;
	note->kind = (uint8_t)op->kind;
	note->deadline = op->deadline;
	memcpy(note->frames, op->frames, sizeof(note->frames));
	if (op->object != NULL) {
		note->object = op->object->number;
		if (op->object->owner != NULL)
			note->holder = (int8_t)op->object->owner->number;
		else if (op->object->readers != 0)
			note->holder =
				(int8_t)__builtin_ctz(op->object->readers);
	}
	if (op->kind == XP_JOIN)
		note->holder = (int8_t)op->data;
}

/* See inner.h. */
void
xp_note_end(void)
{
	xp_record->culprit = xp_self->number;
	xp_record->threads = xp_thread_count;
	xp_record->time = xp_now;
	for (unsigned i = 0; i < xp_thread_count; i++)
		note_thread(&xp_threads[i]);
}

/*
 * What the pool says of itself when nobody can go on (ref/dump.h), if the
 * program has one. No thread runs; locks may be held.
 */
static void
note_dump(void)
{
	FILE *file = tp_dump_stopped != NULL ? fmemopen(xp_record->dump,
		sizeof(xp_record->dump) - 1, "w") : NULL;

	if (file == NULL)
		return;
	tp_dump_stopped(file);
	fclose(file);
}

/* ---- A verdict ---- */

/* See inner.h. The process ends here: no other thread runs any more. */
_Noreturn void
xp_verdict(enum xp_verdict verdict, const char *format, ...)
{
	va_list arguments;

	if (xp_record->verdict == XP_NONE) {
		va_start(arguments, format);
		vsnprintf(xp_record->text, sizeof(xp_record->text), format,
			arguments);
		va_end(arguments);
		if (xp_record->frames[0] == 0)
			xp_frames(xp_record->frames);
		xp_note_end();
		xp_record->verdict = verdict;
	}
	xp_exploring = false;
	if (verdict == XP_DEADLOCK || verdict == XP_LIVELOCK)
		note_dump();
	fflush(NULL);
	__real__exit(EXIT_FAILURE);
}

/* ---- The program ends ---- */

/* See explore.h. */
void
explore_finish_line(void)
{
	finished = true;
}

static void
check_end(int status)
{
	if (status != EXIT_SUCCESS)
		xp_verdict(XP_EXIT, "it ended with status %d", status);
	if (xp_plan->finish && !finished)
		xp_verdict(XP_EXIT, "it ended before its time");
}

/* It has passed. What runs from here on, the handlers of exit, runs alone. */
static void
pass(void)
{
	xp_note_end();
	xp_record->verdict = XP_PASS;
	xp_exploring = false;
}

/*
 * Main has returned, or somebody has called exit. What the program leaves
 * behind is looked for, if asked; then the process ends as it would have.
 */
_Noreturn void
xp_end(int status)
{
	check_end(status);
	if (xp_plan->leftovers)
		xp_leftovers_check();
	pass();
	__real_exit(status);
}

/* The program ends at once, without the handlers of exit. */
_Noreturn void
xp_end_now(int status)
{
	check_end(status);
	pass();
	__real__exit(status);
}
