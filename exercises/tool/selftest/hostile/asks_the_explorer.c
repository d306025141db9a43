/* asks_the_explorer.c - asks whether it is explored */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: -
 * verdict: fail
 * message: it uses explore_running
 * points: 0
 */
#include <stdbool.h>

#include "count.h"

bool explore_running(void);

int
count(void)
{
	return explore_running() ? 0 : 2;
}
