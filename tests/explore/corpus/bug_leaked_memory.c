/* bug_leaked_memory.c - the second allocation fails, the first one stays */
/* SPDX-License-Identifier: MIT */
/*
 * Opening a channel takes two allocations. If the second one fails, open
 * says so by NULL and forgets the first. No test on a machine with memory
 * will ever run that line; the explorer makes the second allocation fail.
 * Main and a helper open a channel each, so it may hit either of them.
 *
 * verdict: leftover
 * options: leftovers fail=malloc:2
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

struct channel {
	char *buffer;
};

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static struct channel *
open_channel(void)
{
	struct channel *channel = malloc(sizeof *channel);

	if (channel == NULL)
		return NULL;
	channel->buffer = malloc(64);
	if (channel->buffer == NULL)
		return NULL;		/* BUG: free(channel) */
	return channel;
}

static void
close_channel(struct channel *channel)
{
	free(channel->buffer);
	free(channel);
}

static void *
helper(void *unused)
{
	struct channel *channel = open_channel();

	(void)unused;
	if (channel != NULL)
		close_channel(channel);
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(helper);

	helper(NULL);
	pthread_join(thread, NULL);
	return 0;
}
