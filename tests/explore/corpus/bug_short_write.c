/* bug_short_write.c - a write that wrote half of it */
/* SPDX-License-Identifier: MIT */
/*
 * Main sends a record of eight bytes over a stream; a thread reads until it
 * has them. A write may take fewer bytes than it was given: the socket's
 * buffer was nearly full, the disk was, a signal came. Whoever does not look
 * at what it returns leaves the other side waiting for the rest.
 *
 * verdict: deadlock
 * message: something to read from
 * options: fail=short:1
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include "explore.h"

enum { RECORD = 8 };

static int ends[2];		/* A pair of sockets. */

static void *
receive(void *unused)
{
	char record[RECORD];
	size_t got = 0;

	(void)unused;
	while (got < sizeof(record)) {
		ssize_t n = recv(ends[1], record + got,
			sizeof(record) - got, 0);

		assert(n > 0);
		got += (size_t)n;
	}
	return NULL;
}

int
main(void)
{
	int failed = socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
	pthread_t thread;

	assert(!failed);
	explore_expose(ends[0], EXPLORE_DELAYS);
	failed = pthread_create(&thread, NULL, receive, NULL);
	assert(!failed);
	(void)send(ends[0], "a record", RECORD, 0);	/* BUG: all of it? */
	pthread_join(thread, NULL);
	close(ends[0]);
	close(ends[1]);
	return 0;
}
