/* bug_cleared_too_much.c - two halves of a buffer, cleared as a whole */
/* SPDX-License-Identifier: MIT */
/*
 * Each thread has a half of the line to write to, and no lock is needed for
 * that. But the one who writes the left half clears the line first: all of
 * it. The other half may be lost, or not; it depends on who comes first.
 *
 * verdict: race|assertion
 * needs: races
 * message: line
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

static char line[16];

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
left(void *unused)
{
	(void)unused;
	memset(line, ' ', sizeof(line));	/* BUG: half of it is mine */
	memcpy(line, "left", 4);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(left);

	memcpy(line + 8, "right", 5);
	pthread_join(thread, NULL);
	assert(memcmp(line + 8, "right", 5) == 0);
	return 0;
}
