/* keeps_a_thread.c - is right, and leaves a thread */
/* SPDX-License-Identifier: MIT */
/*
 * item: quiescence
 * verdict: fail
 * message: in doubles: left behind: 1 thread
 * points: 1 2/3
 */
#include <pthread.h>
#include <unistd.h>

#include "twice.h"

static void *
stay(void *unused)
{
	for (;;)
		pause();
	return unused;
}

int
twice(int n)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, stay, NULL) != 0)
		return 0;
	pthread_detach(thread);
	return 2 * n;
}
