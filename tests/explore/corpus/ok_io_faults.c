/* ok_io_faults.c - calls on descriptors that fail, one at a time */
/* SPDX-License-Identifier: MIT */
/*
 * The program asks the explorer for each way in which a call on a descriptor
 * may fail, and looks whether just that happens, to just that call: on a
 * socket, on a file, when a connection comes. What it has not exposed does
 * not fail. A thread meanwhile sends all of a message, piece by piece.
 * Correct, because every call is made again or goes on where it stopped.
 * Natively nothing fails.
 *
 * verdict: pass
 * options: leftovers
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "explore.h"

static int ends[2];		/* A pair of sockets. */

/* Is this how a call must have ended of which that was asked? */
static bool
ended(ssize_t result, ssize_t usual, int error)
{
	return explore_active() ? result == -1 && errno == error :
		result == usual;
}

/* All of it, whatever comes. */
static void *
send_all(void *text)
{
	const char *from = text;
	size_t left = strlen(from);

	while (left > 0) {
		ssize_t n = send(ends[0], from, left, MSG_DONTWAIT);

		assert(n > 0 || errno == EINTR || errno == EAGAIN);
		from += n > 0 ? n : 0;
		left -= n > 0 ? (size_t)n : 0;
	}
	return NULL;
}

static void
receive(const char *text)
{
	char got[8] = "";
	size_t length = 0;

	while (length < strlen(text)) {
		ssize_t n = read(ends[1], got + length,
			strlen(text) - length);

		assert(n > 0);
		length += (size_t)n;
	}
	assert(strcmp(got, text) == 0);
}

/* The sender's second or third call is what fails. */
static void
exchange(enum explore_fault fault, unsigned long n)
{
	char text[] = "message";
	pthread_t thread;
	int error;

	explore_fail_nth(fault, n);
	error = pthread_create(&thread, NULL, send_all, text);
	assert(error == 0);
	receive(text);
	pthread_join(thread, NULL);
	explore_fail_nth(fault, 0);
}

static void
use_a_socket(void)
{
	char byte = 'x';
	int error = socketpair(AF_UNIX, SOCK_STREAM, 0, ends);

	assert(error == 0);
	explore_fail_nth(EXPLORE_ECONNRESET, 1);
	assert(send(ends[1], &byte, 1, 0) == 1);	/* not exposed */
	explore_expose(ends[0], EXPLORE_ANY);
	assert(ended(recv(ends[0], &byte, 1, 0), 1, ECONNRESET));
	if (explore_active())
		assert(recv(ends[0], &byte, 1, 0) == 1);
	exchange(EXPLORE_EINTR, 1);
	exchange(EXPLORE_EAGAIN, 1);
	exchange(EXPLORE_SHORT, 1);
	close(ends[0]);
	close(ends[1]);
}

static void
use_a_file(void)
{
	FILE *temporary = tmpfile();
	int file = temporary != NULL ? fileno(temporary) : -1;
	char text[8] = "";

	assert(file >= 0);
	explore_expose(file, EXPLORE_ANY);
	explore_fail_nth(EXPLORE_ENOSPC, 1);
	assert(ended(pwrite(file, "abcdef", 6, 0), 6, ENOSPC));
	explore_fail_nth(EXPLORE_EIO, 1);
	assert(ended(fsync(file), 0, EIO));
	assert(pwrite(file, "abcdef", 6, 0) == 6);
	explore_fail_nth(EXPLORE_SHORT, 1);
	assert(pread(file, text, 6, 0) == (explore_active() ? 3 : 6));
	assert(strcmp(text, explore_active() ? "abc" : "abcdef") == 0);
	fclose(temporary);
}

static void *
call(void *socket)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);
	int *ends_of_it = socket;
	int error = getsockname(ends_of_it[0], (struct sockaddr *)&address,
		&length);

	assert(error == 0);
	error = connect(ends_of_it[1], (struct sockaddr *)&address, length);
	assert(error == 0);
	return NULL;
}

static void
use_a_listener(void)
{
	struct sockaddr any = { .sa_family = AF_UNIX };
	int both[2] = { socket(AF_UNIX, SOCK_STREAM, 0),
		socket(AF_UNIX, SOCK_STREAM, 0) };
	int connection, error = bind(both[0], &any, sizeof(any.sa_family));
	pthread_t thread;

	assert(error == 0);
	error = listen(both[0], 1);
	assert(error == 0);
	explore_expose(both[0], EXPLORE_ANY);
	explore_fail_nth(EXPLORE_ECONNRESET, 1);
	error = pthread_create(&thread, NULL, call, both);
	assert(error == 0);
	connection = accept(both[0], NULL, NULL);
	if (connection < 0)
		assert(explore_active() && errno == ECONNABORTED);
	if (connection < 0)
		connection = accept(both[0], NULL, NULL);
	assert(connection >= 0);
	pthread_join(thread, NULL);
	close(connection);
	close(both[0]);
	close(both[1]);
}

int
main(void)
{
	use_a_socket();
	use_a_file();
	use_a_listener();
	return 0;
}
