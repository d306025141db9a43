/* program.h - the program in question, and what it asks and tells */
/* SPDX-License-Identifier: MIT */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>

#include "accounts.h"

/* How the call that made the request has returned. */
enum result { ENDED, PENDING, FAILED };

/* One request, and all that comes of it. */
void program(enum letter letter);

/*
 * What the program asks, when the call has returned: is the announcement to
 * be taken back?
 */
bool takes_back(enum letter letter, enum result result);

/*
 * It calls CancelThreadpoolIo: so does the program, if it is told to, and
 * whoever finds that it should have been.
 */
void take_back(void);

/*
 * What the program tells when it waits no more: how the call had returned,
 * and how many callbacks have come for this request.
 */
void tells(enum letter letter, enum result result, unsigned callbacks);

/*
 * Where I's two threads are. The program calls place when one of them gets
 * there: a place to hold it back.
 */
enum place { BEFORE_READ, AFTER_READ, BEFORE_WRITE, AFTER_WRITE };

void place(enum place here);

#endif /* PROGRAM_H */
