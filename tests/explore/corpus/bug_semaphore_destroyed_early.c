/* bug_semaphore_destroyed_early.c - gone as soon as one is through */
/* SPDX-License-Identifier: MIT */
/*
 * Main waits for two helpers by a semaphore that each of them posts, and
 * destroys it then. But it waits only once: the mistake of counting what has
 * come instead of what has to come. The slower helper posts a semaphore that
 * is destroyed. glibc does not mind; other systems crash.
 *
 * verdict: misuse
 */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static sem_t done;

static void *
help(void *unused)
{
	(void)unused;
	sem_post(&done);
	return NULL;
}

int
main(void)
{
	pthread_t thread[2];

	sem_init(&done, 0, 0);
	for (int i = 0; i < 2; i++) {
		int error = pthread_create(&thread[i], NULL, help, NULL);

		assert(error == 0);
	}
	sem_wait(&done);		/* BUG: twice */
	sem_destroy(&done);
	pthread_join(thread[0], NULL);
	pthread_join(thread[1], NULL);
	return 0;
}
