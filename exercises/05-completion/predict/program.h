/* program.h - the program in question, and what it finds */
/* SPDX-License-Identifier: MIT */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "statements.h"

/* What the main thread goes by, in this run. */
enum sign { EVENT, SECTION, WAIT, SIGNS };

/* One callback, and a look at all the rest when the sign has come. */
void program(enum sign sign);

/*
 * What the program calls to say what it has found: print.c prints, the
 * grader compares. A statement is met once a run, or not at all.
 */
void finds(enum letter statement, int so);

#endif /* PROGRAM_H */
