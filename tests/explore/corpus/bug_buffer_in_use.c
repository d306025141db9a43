/* bug_buffer_in_use.c - a buffer is read while read still fills it */
/* SPDX-License-Identifier: MIT */
/*
 * A thread reads into a buffer, and main, which knows that the bytes have
 * been sent, looks at them. It need not have been read yet. The write to the
 * buffer is the system's and no line of the program; but it is made on behalf
 * of the thread that calls read, and so it is a data race like any other.
 *
 * verdict: race
 * needs: races
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

static int ends[2];		/* A pipe: read end, write end. */
static char buffer[4];

static void *
receive(void *unused)
{
	ssize_t got = read(ends[0], buffer, sizeof(buffer));

	(void)unused;
	assert(got == 4);
	return NULL;
}

int
main(void)
{
	int failed = pipe(ends);
	pthread_t thread;
	ssize_t sent;
	char first;

	assert(!failed);
	failed = pthread_create(&thread, NULL, receive, NULL);
	assert(!failed);
	sent = write(ends[1], "four", 4);
	assert(sent == 4);
	first = buffer[0];		/* BUG: before the join */
	pthread_join(thread, NULL);
	assert(first == 'f' || first == '\0');
	close(ends[0]);
	close(ends[1]);
	return 0;
}
