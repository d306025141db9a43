/* bug_lock_order.c - three locks, taken in a circle */
/* SPDX-License-Identifier: MIT */
/*
 * Three clerks each move one coin between two of three accounts and lock
 * first the account that pays. Any two of them get along, whatever the
 * schedule: no pair of clerks locks the same two accounts. All three
 * together form a circle: when each holds its first lock, nobody gets a
 * second. The cure is one order for everybody, such as the lower number
 * first.
 *
 * verdict: deadlock
 * median: 3
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

struct account {
	pthread_mutex_t lock;
	int coins;		/* Guarded by lock. */
};

static struct account north = { PTHREAD_MUTEX_INITIALIZER, 1 };
static struct account south = { PTHREAD_MUTEX_INITIALIZER, 1 };
static struct account west = { PTHREAD_MUTEX_INITIALIZER, 1 };

static pthread_t
start(void *(*body)(void *))
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, body, NULL);

	assert(error == 0);
	return thread;
}

static void
move(struct account *from, struct account *to)
{
	pthread_mutex_lock(&from->lock);
	pthread_mutex_lock(&to->lock);	/* BUG: no common order */
	from->coins--;
	to->coins++;
	pthread_mutex_unlock(&to->lock);
	pthread_mutex_unlock(&from->lock);
}

static void *
north_to_south(void *unused)
{
	(void)unused;
	move(&north, &south);
	return NULL;
}

static void *
south_to_west(void *unused)
{
	(void)unused;
	move(&south, &west);
	return NULL;
}

int
main(void)
{
	pthread_t first = start(north_to_south);
	pthread_t second = start(south_to_west);

	move(&west, &north);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	assert(north.coins == 1 && south.coins == 1 && west.coins == 1);
	return 0;
}
