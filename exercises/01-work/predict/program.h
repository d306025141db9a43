/* program.h - the program in question, and how it writes its log */
/* SPDX-License-Identifier: MIT */
#ifndef PROGRAM_H
#define PROGRAM_H

/* One pool of two threads, one work object, three submits, one wait. */
void program(void);

/*
 * What the program calls to write its log: print.c prints, the grader
 * compares. log_start takes the next number, 1 for the first callback that
 * calls it, and writes its line, in one step that no other call interrupts.
 */
unsigned log_start(void);
void log_end(unsigned number);
void log_done(void);

#endif /* PROGRAM_H */
