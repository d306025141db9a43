/* kills_itself.c - ends as if the machine had too little memory */
/* SPDX-License-Identifier: MIT */
/*
 * item: doubles
 * verdict: fail
 * message: was ended by a signal that it sent itself
 * points: 0
 */
#include <signal.h>

#include "twice.h"

int
twice(int n)
{
	raise(SIGKILL);
	return n;
}
