/* cage.h - what a check may do to the machine, and the end of all it began */
/* SPDX-License-Identifier: MIT */
#ifndef CAGE_H
#define CAGE_H

#include <stdbool.h>
#include <sys/types.h>

struct cage {
	bool own_user;			/* uid is a throw-away user's */
	uid_t uid;
	int landlock;			/* the kernel's version; 0: none */
	unsigned long processes;	/* limit, threads included */
	bool sanitizer;			/* address space cannot be limited */
	pid_t reaper;			/* of what the check leaves behind */
	int init;			/* a socket to it; -1: no namespace */
};

/* Finds out what can be done here, and prepares it for every check. */
void cage_choose(struct cage *cage, bool sanitizer);

/*
 * In the child: gives up every right that a check does not need. scratch is
 * the folder that it may write to, and becomes the working folder. False
 * if something that was chosen could not be done.
 */
bool cage_enter(const struct cage *cage, const char *scratch);

/* Ends every process that the check has started, wherever it is. */
void cage_end(const struct cage *cage, pid_t group);

/* One line that says what was in force. */
void cage_describe(const struct cage *cage, char *text, size_t size);

#endif /* CAGE_H */
