/* channel.h - what the suites of readiness handles have in common */
/* SPDX-License-Identifier: MIT */
/*
 * A channel is a pipe, or a pair of sockets, with a handle for one of its
 * ends: what is written to one end makes the other one ready.
 *
 * The poller stays open once a handle has been made, with a few descriptors
 * of its own (KEPT). So a case with a poller has it opened before what a
 * test leaves behind is counted; a test of the first handle does without.
 *
 * The suites use the poller over epoll; test_readiness_poll.c repeats them
 * with that over poll, and includes them as parts of itself (PARTS).
 *
 * Everything here is inline: a suite takes what it needs.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define poll look_at		/* scenario.h has one for handles */
#include "scenario.h"

#include "../ref/readiness.h"

#ifndef POLLER
#define POLLER	"epoll"
#define KEPT	3		/* its alarm, and the epoll descriptor */
#endif

/* ---- Channels ---- */

/* A pipe or a pair of sockets, and a handle for one of its ends. */
struct channel {
	int in, out;		/* what is written to `in` comes out */
	HANDLE handle;		/* of `out` for POLLIN, of `in` for POLLOUT */
};

static inline bool
try_handle(struct channel *channel, short events)
{
	channel->handle = tp_open_readiness(events == POLLOUT ?
		channel->in : channel->out, events);
	return made(channel->handle);
}

static inline void
close_ends(const struct channel *channel)
{
	close(channel->in);
	close(channel->out);
}

static inline bool
try_channel(struct channel *channel, short events)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	channel->out = ends[0];
	channel->in = ends[1];
	if (try_handle(channel, events))
		return true;
	close_ends(channel);
	return false;
}

static inline void
open_sockets(struct channel *channel, short events)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	channel->out = ends[0];
	channel->in = ends[1];
	ck_assert(try_handle(channel, events));
}

static inline void
channel_close(const struct channel *channel)
{
	ck_assert(CloseHandle(channel->handle));
	close_ends(channel);
}

static inline void
put(const struct channel *channel)
{
	ck_assert_int_eq(write(channel->in, "", 1), 1);
}

static inline void
get(const struct channel *channel)
{
	char byte;

	ck_assert_int_eq(read(channel->out, &byte, 1), 1);
}

/* Writes until there is no room; how many bytes. */
static inline long
fill(const struct channel *channel)
{
	static const char bytes[4096];
	int flags = fcntl(channel->in, F_GETFL);
	long total = 0;
	ssize_t n;

	ck_assert_int_eq(fcntl(channel->in, F_SETFL, flags | O_NONBLOCK), 0);
	while ((n = write(channel->in, bytes, sizeof(bytes))) > 0)
		total += n;
	ck_assert_int_eq(fcntl(channel->in, F_SETFL, flags), 0);
	return total;
}

/* Reads so much, or until the end. */
static inline long
drain(const struct channel *channel, long size)
{
	static char bytes[4096];
	long total = 0;
	ssize_t n = 1;

	while (total < size && n > 0) {
		n = read(channel->out, bytes, sizeof(bytes));
		ck_assert_int_ge(n, 0);
		total += n;
	}
	return total;
}

static inline void *
put_once(void *channel)
{
	put(channel);
	return NULL;
}

/* ---- Cases ---- */

/* The poller stays open for good; no test has opened it, then. */
static inline void
open_poller(void)
{
	struct channel channel;

	setenv("TP_POLLER", POLLER, 1);
	ck_assert(try_channel(&channel, POLLIN));
	channel_close(&channel);
	harness_keep_descriptors();
}

static inline TCase *
case_with_poller(Suite *suite, const char *name)
{
	TCase *tcase = harness_case(suite, name);

	harness_add_fixture(tcase, open_poller, NULL);
	return tcase;
}

#endif /* CHANNEL_H */
