/* run.h - one check that runs, and how its end is judged */
/* SPDX-License-Identifier: MIT */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "cage.h"
#include "process.h"

#define KEPT 65536		/* bytes of output */

struct text {
	char bytes[KEPT + 1];
	size_t used;
	unsigned long seen;	/* bytes, kept or not */
};

struct run {
	/* Read-only once started. */
	const char *mode, *scratch, *output, *program, *check;
	const char *explore, *again;	/* NULL: not explored; no command */
	struct cage cage;
	char password[40];
	pid_t pid;
	long begun;		/* milliseconds */
	long looked;		/* milliseconds, as begun */
	long idle;		/* ms: needs no processor, and has none */
	long most_cpu;		/* ms: of all looks */
	long kills;		/* for want of memory, before it began */

	int channel, printed;	/* -1: at its end */
	struct text result, text;
	struct look last;
	unsigned still;		/* looks in a row */

	int status;
	struct rusage usage;
	const char *verdict;	/* NULL: none yet */
	char reason[1024];
};

/* Of several verdicts the first is the one. */
void decide(struct run *run, const char *verdict, const char *reason);

/* Nothing in it runs any more. */
void decide_hang(struct run *run);

/* It has ended: says how, if nobody has yet. */
void judge(struct run *run);

/* What else it has started, and not ended. */
void judge_orphans(struct run *run);

/* Terminals obey control characters; some are two bytes, as UTF-8. */
bool is_control(const char *text);

/* How often the kernel has killed for want of memory; -1: it does not say. */
long kills_for_memory(void);

#endif /* RUN_H */
