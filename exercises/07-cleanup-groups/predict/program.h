/* program.h - the program in question, and how it writes its log */
/* SPDX-License-Identifier: MIT */
#ifndef PROGRAM_H
#define PROGRAM_H

/* One thread creates two members of a group while another closes them. */
void program(void);

/*
 * What the program calls to write its log: print.c prints, the grader
 * compares. log_end comes when there is nothing more to write.
 */
void log_runs(unsigned number);
void log_cancelled(unsigned number);
void log_closed(void);
void log_end(void);

#endif /* PROGRAM_H */
