/* process.h - looking at a process from outside */
/* SPDX-License-Identifier: MIT */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * A process and those that it started: the members of its group, and the
 * orphans that have become the reaper's children.
 */
struct look {
	bool asleep;		/* every thread */
	bool runnable;		/* one of them, though it may not run yet */
	unsigned long processes;
	unsigned long threads;
	unsigned long switches;	/* how often its threads were scheduled */
	long cpu_ms;		/* processor time that those alive have used */
	long own_ms;		/* of which not in the kernel on their behalf */
	long memory_kib;	/* that they have at this moment */
};

/* Looks at a process; false where that cannot be done. */
bool process_look(pid_t pid, pid_t reaper, struct look *look);

/* Threads of all processes of this user. */
unsigned long process_threads_of_user(uid_t uid);

/*
 * Calls each for every process whose group or whose parent is the one
 * given.
 */
void process_each(pid_t group, pid_t parent, void (*each)(pid_t pid));

#endif /* PROCESS_H */
