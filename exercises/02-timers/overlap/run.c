/* run.c - runs the experiments, and prints what was measured as CSV */
/* SPDX-License-Identifier: MIT */
/*
 * Nothing is printed before the last experiment has ended. A callback that
 * spends its time asleep needs no processor, so that even four at once do
 * not disturb each other on a small machine; what is asked here is when
 * callbacks begin, and sleeping is as good for that as computing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "measure.h"

int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

void
spend(unsigned length)
{
	int64_t end = now() + (int64_t)length * 1000000, rest;

	while ((rest = end - now()) > 0) {
		struct timespec time = { rest / 1000000000,
			rest % 1000000000 };

		nanosleep(&time, NULL);
	}
}

int
main(void)
{
	static struct record records[EXPERIMENTS];

	for (unsigned i = 0; i < EXPERIMENTS; i++)
		measure(&experiments[i], &records[i]);
	puts("experiment,callback,set_ns,begin_ns,end_ns");
	for (unsigned i = 0; i < EXPERIMENTS; i++)
		for (unsigned j = 0; j < CALLBACKS; j++)
			printf("%u,%u,%" PRId64 ",%" PRId64 ",%" PRId64 "\n",
				i + 1, j + 1, records[i].set,
				records[i].callbacks[j].begin,
				records[i].callbacks[j].end);
	return 0;
}
