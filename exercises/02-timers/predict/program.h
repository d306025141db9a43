/* program.h - the program in question, and how it tells what happens */
/* SPDX-License-Identifier: MIT */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "times.h"

/* Sets the timers, and stops and closes them 199 ms later. */
void program(void);

/*
 * What the program calls: print.c prints, the grader compares. begun is time
 * 0; fired is the first thing that a callback does.
 */
void begun(void);
void fired(enum letter letter);

#endif /* PROGRAM_H */
