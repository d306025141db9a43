/* dump.h - what the pool is doing: for people who look for a fault */
/* SPDX-License-Identifier: MIT */
/*
 * An extension: Windows has nothing of the kind but the debugger's command
 * !tp. A program includes this header beside threadpool.h, and calls tp_dump
 * where it would like to know who waits for what, or tp_dump_command where it
 * would like to know something in particular. In a debugger, where the whole
 * program has been stopped: tp.gdb, or tp_dump_stopped(stderr).
 */
#ifndef DUMP_H
#define DUMP_H

#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Writes every pool, its objects, its workers, and who waits for what: lines
 * of text without addresses. Call it without holding a lock of the pool; a
 * callback may. What it shows of one pool is of one moment.
 */
void tp_dump(FILE *stream);

/*
 * The same while every other thread stands still, wherever it stands: takes
 * no lock.
 */
void tp_dump_stopped(FILE *stream);

/*
 * Writes what a command asks for, after the model of !tp: "VERB", or
 * "VERB ADDRESS", or "VERB ADDRESS FLAGS". "" writes the list of verbs.
 *
 * VERB: pool, obj, tqueue (what is due, in order), ttimer, waiter (who waits
 * for what), wait, work, worker, wqueue, stats, factory.
 * ADDRESS: a pointer that the API has returned, or one that a dump has
 * shown, as a number; 0: all. Left out, it means 0; with waiter and worker,
 * the thread that makes this call.
 * FLAGS: 1 for a line each, 2 for the members, 4 for the queue of a pool, or
 * a sum of them; 0 or left out: 1.
 *
 * Returns 0; -1 if it has written, in place of that, a line that says what is
 * wrong with the command. No address is followed: one that nothing has does
 * no harm.
 * Locks: as tp_dump.
 * Source: DIAG-19 to -22.
 */
int tp_dump_command(FILE *stream, const char *command);

/*
 * The same for a debugger: takes no lock, allocates nothing, and does not use
 * the streams of C. Returns the text in memory of its own, of which the part
 * with that number (the first is 0); "" after the last.
 *
 * verb: its number in the list, from 1 on; 0: that list.
 * address: as above; TP_DUMP_HERE: left out, for waiter and worker.
 */
#define TP_DUMP_HERE	UINTPTR_MAX
const char *tp_dump_text(unsigned verb, uintptr_t address, unsigned flags,
	unsigned part);

#ifdef __cplusplus
}
#endif

#endif /* DUMP_H */
