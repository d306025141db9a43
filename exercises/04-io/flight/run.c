/* run.c - runs the seven experiments with an answer, and prints a CSV */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "device.h"

int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

void
saw_start(struct request *request, bool refused)
{
	(void)request;
	(void)refused;
}

void
saw_end(struct request *request)
{
	(void)request;
}

int
main(void)
{
	static struct record record;

	puts("experiment,number,refused,made,begun,ended");
	for (unsigned i = 0; i < EXPERIMENTS; i++) {
		record.count = 0;
		device_open(&experiments[i]);
		measure(&experiments[i], &record);
		device_close();
		if (record.count == 0 || record.count > MOST) {
			fputs("run: measure has recorded nothing, or too "
				"much\n", stderr);
			return EXIT_FAILURE;
		}
		for (unsigned j = 0; j < record.count; j++) {
			const struct entry *entry = &record.entries[j];
			int64_t zero = record.entries[0].made;

			printf("%u,%u,%d,%lld,%lld,%lld\n", i + 1, j + 1,
				entry->refused,
				(long long)(entry->made - zero),
				(long long)(entry->begun - zero),
				(long long)(entry->ended - zero));
		}
	}
	return EXIT_SUCCESS;
}
