/* driver.h - what the parts of the driver share */
/* SPDX-License-Identifier: MIT */
/*
 * The driver is the process that the user has started: it makes one process
 * per execution, with a plan, and reads its record. It runs one thread and
 * explores nothing itself.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include "inner.h"

/* What EXPLORE in the environment asks for; see README.md. */
struct xp_options {
	char *words;			/* what they are read from, kept */
	bool off;			/* run the program as it is */
	unsigned long runs;		/* executions of the portfolio */
	uint64_t seed;			/* base of all seeds */
	unsigned long seeds;		/* census: so many bases, one by one */
	unsigned jobs;
	enum { XP_MIXED, XP_ONLY } mix;
	enum xp_strategy only;
	unsigned depth;
	enum { XP_SOMETIMES, XP_NEVER, XP_ALWAYS } spurious;
	bool slow, leftovers, races, finish, minimise, output, quiet;
	long one;			/* run this execution only; -1: all */
	unsigned long repeat;		/* replay so often, and compare */
	const char *replay;		/* a schedule; "": none */
	unsigned long fail[EXPLORE_FAULTS];
	unsigned long faults;		/* executions for each fault; 0: none */
	int preemptions;		/* search: at most; -1: no search */
	bool outcomes;			/* collect what is printed */
	uint32_t step_limit;
	xp_time time_limit;
	unsigned hang;			/* seconds of processor time */
	unsigned width;			/* columns of a report; 0: 78 */
	unsigned fold;			/* what has more rows; 0: 60 */
	const char *allow;		/* names, by commas; "": none */
	const char *text, *svg, *json, *trace;	/* files; "": none */
};

extern struct xp_options xp_options;

bool xp_options_read(const char *words);	/* false: said what is wrong */

/* ---- One execution (execution.c) ---- */

/* A place where an execution runs, with what it leaves. */
struct xp_slot {
	pid_t pid;			/* 0: free */
	unsigned long index;		/* of the execution */
	struct xp_plan plan;
	struct xp_record *record;
	int output;			/* what it has printed */
	int processor;
};

void xp_slots_make(struct xp_slot *slots, unsigned n);
void xp_slot_start(struct xp_slot *slot);

/* Waits for one of them, completes its record, and gives it back, free. */
struct xp_slot *xp_slot_await(struct xp_slot *slots, unsigned n);

/* Runs one plan to its end in the slot. */
void xp_slot_run(struct xp_slot *slot, const struct xp_plan *plan);

/* A copy of what the execution has printed; for the caller to free. */
char *xp_slot_output(const struct xp_slot *slot, size_t *length);

bool xp_failed(const struct xp_record *record);

extern int xp_argc;
extern char **xp_argv, **xp_envp;

/* ---- Schedules (sequence.c) ---- */

/* Where a switch was made though the thread before could have gone on. */
bool xp_is_preemption(const struct xp_event *event);
unsigned xp_preemptions(const struct xp_record *record);

/* The first n steps as choices; gives how many. For the caller to free. */
struct xp_choice *xp_choices_of(const struct xp_record *record,
	uint32_t *count);
char *xp_choices_write(const struct xp_choice *choices, uint32_t count);
struct xp_choice *xp_choices_read(const char *text, uint32_t *count);

/* ---- Making a failing schedule simpler (minimise.c) ---- */

/*
 * Leaves in the slot an execution with the same verdict and fewer
 * switches, if there is one, and gives its choices, for replay.
 */
struct xp_choice *xp_minimise(struct xp_slot *slot, uint32_t *count);

/* ---- All schedules, up to a number of preemptions (search.c) ---- */

int xp_search(struct xp_slot *slot);

/* ---- Verdicts (driver.c) ---- */

int xp_conclude(unsigned long executions, const struct xp_record *failed);
int xp_conclude_found(struct xp_slot *slot, unsigned long executions);

/* ---- What was printed, how often (outcomes.c) ---- */

void xp_outcome_add(const struct xp_slot *slot);
void xp_outcomes_print(void);

/* ---- The portfolio (portfolio.c) ---- */

#define XP_WARM_UP	8	/* executions in which places are gathered */

struct xp_found {
	bool found;
	unsigned long index;		/* of the execution; from 0 */
	unsigned long executions;	/* made */
	struct xp_plan plan;
	unsigned long asked[EXPLORE_FAULTS];	/* at most, in any */
};

void xp_plan_default(struct xp_plan *plan);
void xp_plan_of(unsigned long index, struct xp_plan *plan);
void xp_portfolio(struct xp_slot *slots, struct xp_found *found);
void xp_prefer_calm(struct xp_slot *slot, struct xp_found *found);

#endif /* DRIVER_H */
