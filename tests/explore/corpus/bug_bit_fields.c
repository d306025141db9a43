/* bug_bit_fields.c - two bit-fields, one memory location */
/* SPDX-License-Identifier: MIT */
/*
 * Two threads set a flag each, and the flags have different names. But
 * neighbouring bit-fields lie in one word, and to set one is to read the
 * word, change it and write it back, the other flag included: one of the two
 * may be lost. Two chars in their place would be two locations: see
 * ok_neighbours.c.
 *
 * verdict: race
 * needs: races
 * message: state
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static struct {
	unsigned is_open : 1;		/* BUG: one word for both */
	unsigned is_dirty : 1;
} state;

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void *
opener(void *unused)
{
	(void)unused;
	state.is_open = 1;
	return NULL;
}

int
main(void)
{
	pthread_t thread = start(opener);

	state.is_dirty = 1;
	pthread_join(thread, NULL);
	return state.is_open && state.is_dirty ? 0 : 1;
}
