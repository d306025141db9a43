/* terminal.h - a pseudo-terminal, where the system has some */
/* SPDX-License-Identifier: MIT */
/*
 * A minimal root may lack /dev/pts. A test that finds no terminal says so on
 * standard error, and shows nothing. The suite defines _XOPEN_SOURCE as 700
 * before it includes anything.
 */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"

/* False: there are none here. */
static inline bool
try_terminal(int *master, int *slave)
{
	*master = posix_openpt(O_RDWR | O_NOCTTY);
	if (*master < 0) {
		fputs("no terminals here: not tested with one\n", stderr);
		return false;
	}
	ck_assert_int_eq(grantpt(*master), 0);
	ck_assert_int_eq(unlockpt(*master), 0);
	*slave = open(ptsname(*master), O_RDWR | O_NOCTTY);
	ck_assert_int_ge(*slave, 0);
	return true;
}

#endif /* TERMINAL_H */
