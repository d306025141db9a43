/* SPDX-License-Identifier: MIT */
/*
 * lost_readiness.c - a poller that tells of changes, and of nothing else
 *
 * A pipe is reduced to a flag, and so is the watch of a poller.
 *
 * explore: must=deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

static atomic_bool full;	/* there is something to read */
static atomic_bool armed;	/* somebody wants to be told */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool told;		/* guarded by lock */

/* The other side writes; whoever has asked is told. */
static void *
write_letter(void *argument)
{
	(void)argument;
	atomic_store(&full, true);
	if (atomic_exchange(&armed, false)) {
		pthread_mutex_lock(&lock);
		told = true;
		pthread_cond_signal(&changed);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

/* Tries first, and asks to be told if there is nothing. */
static void
read_letter(void)
{
	if (atomic_load(&full))
		return;
	atomic_store(&armed, true);
	pthread_mutex_lock(&lock);
	while (!told)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

int
main(void)
{
	pthread_t writer;
	int error = pthread_create(&writer, NULL, write_letter, NULL);

	assert(error == 0);
	read_letter();
	pthread_join(writer, NULL);
	return 0;
}
