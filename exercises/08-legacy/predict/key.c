/* key.c - a row as the explorer runs it: how many items can run */
/* SPDX-License-Identifier: MIT */
/*
 * usage: key NUMBER, from 0 for A. When nobody else can go on, the items
 * that run are counted; what comes after that cannot change the number. key.sh
 * runs this, and compares.
 */
#include <pthread.h>
#include <stdlib.h>

#include "explore.h"
#include "program.c"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;

void
one_processor(void)
{
	setenv("TP_PROCESSORS", "1", 1);
}

void
rest(void)
{
	explore_await_still();
}

void
work(void)
{
	pthread_mutex_lock(&lock);
	for (;;)
		pthread_cond_wait(&never, &lock);
}

void
let_go(void)
{
	printf("%d of %d items\n",
		(int)InterlockedCompareExchange(&running, 0, 0), ITEMS);
	exit(EXIT_SUCCESS);
}

int
main(int argc, char **argv)
{
	int number = argc > 1 ? atoi(argv[1]) : -1;

	if (number < A || number >= ROW_COUNT || !explore_active())
		return EXIT_FAILURE;
	one_processor();
	if (explore_search_here != NULL)
		explore_search_here();
	(void)program((enum letter)number);
	return EXIT_FAILURE;
}
