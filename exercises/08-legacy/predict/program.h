/* program.h - the program in question, and whom it asks */
/* SPDX-License-Identifier: MIT */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "flags.h"

/* Queues the three items of a row. Returns how many of them ran. */
unsigned program(enum letter letter);

/* The machine has one processor. Set before the first item is queued. */
void one_processor(void);

/* Returns when nothing more happens. */
void rest(void);

/* An item is at work until let_go: it waits for nothing that the pool knows. */
void work(void);
void let_go(void);

#endif /* PROGRAM_H */
