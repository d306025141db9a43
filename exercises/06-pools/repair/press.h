/* press.h - a press: jobs that keep to threads of their own */
/* SPDX-License-Identifier: MIT */
#ifndef PRESS_H
#define PRESS_H

#include <stdbool.h>

struct press;

/*
 * Opens a press that runs up to `threads` jobs at once, in a pool of its
 * own. NULL if there is no memory or no thread; then nothing is left behind.
 */
struct press *press_open(unsigned threads);

/* Has job(argument) run once. False if there is no memory: then it does not. */
bool press_run(struct press *press, void (*job)(void *argument),
	void *argument);

/*
 * Closes the press. All jobs have run when it returns, its threads leave,
 * and nothing is left behind. Called once, by no job, and nobody calls
 * press_run any more.
 */
void press_close(struct press *press);

#endif /* PRESS_H */
