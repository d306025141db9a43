/* embeds.c - takes a file of the machine into itself */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: line 12 has #embed, which an answer may not
 * points: 0
 */
#include "twice.h"

static const char stolen[] = {
#embed "/etc/passwd"
};

int
twice(int n)
{
	return 2 * n + stolen[0];
}
