/* hangs_under_asan.c - waits for ever, but only where memory is looked at */
/* SPDX-License-Identifier: MIT */
/*
 * item: memory
 * verdict: timeout
 * message: in doubles: nothing runs any more
 * points: 1 2/3
 */
#include <pthread.h>

#include "twice.h"

int
twice(int number)
{
#ifdef __SANITIZE_ADDRESS__
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static pthread_cond_t never = PTHREAD_COND_INITIALIZER;

	pthread_mutex_lock(&lock);
	for (;;)
		pthread_cond_wait(&never, &lock);
#endif
	return 2 * number;
}
