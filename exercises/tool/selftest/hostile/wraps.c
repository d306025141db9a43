/* wraps.c - takes the place of what the grader wraps */
/* SPDX-License-Identifier: MIT */
/*
 * question: exploring
 * item: -
 * verdict: fail
 * message: uses __wrap_malloc
 * points: 0
 */
#include <stddef.h>

#include "count.h"

void *__wrap_malloc(size_t size);

void *
__wrap_malloc(size_t size)
{
	(void)size;
	return NULL;
}

int
count(void)
{
	return 2;
}
