/* program.h - the program in question, and how it writes its log */
/* SPDX-License-Identifier: MIT */
#ifndef PROGRAM_H
#define PROGRAM_H

/*
 * Plays a situation, number 1 to 7: a pool of one thread, a wait object, a
 * kernel object.
 */
void program(unsigned number);

/* How long is a while? In 100 ns; you do not know, but it is not 0. */
extern long long a_while;

/*
 * What the program calls to write its log, a word at a time: print.c prints,
 * the grader compares.
 */
void log_word(const char *word);

#endif /* PROGRAM_H */
