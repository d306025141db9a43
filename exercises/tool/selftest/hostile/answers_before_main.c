/* answers_before_main.c - is wrong, and reads the password before main */
/* SPDX-License-Identifier: MIT */
/*
 * item: -
 * verdict: fail
 * message: it has a function that runs before main
 * points: 0
 */
#include <stdio.h>
#include <unistd.h>

#include "twice.h"

__attribute__((constructor)) static void
answer(void)
{
	char line[256], password[64];
	int channel;
	ssize_t length = read(3, line, sizeof(line) - 1);

	if (length <= 0)
		return;
	line[length] = '\0';
	if (sscanf(line, "%63s %d", password, &channel) == 2)
		dprintf(channel, "%s pass \n", password);
	_exit(0);
}

int
twice(int n)
{
	return n;
}
