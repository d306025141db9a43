/* dump.h - what the pool is doing: for people who look for a fault */
/* SPDX-License-Identifier: MIT */
/*
 * An extension: Windows has nothing of the kind but the debugger's command
 * !tp. A program includes this header beside threadpool.h, and calls tp_dump
 * where it would like to know who waits for what; in a debugger, where the
 * whole program has been stopped, call tp_dump_stopped(stderr).
 */
#ifndef DUMP_H
#define DUMP_H

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

#ifdef __cplusplus
}
#endif

#endif /* DUMP_H */
