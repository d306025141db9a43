/*
 * reads_pread.c - the same reads without a pool: threads that call pread
 * SPDX-License-Identifier: MIT
 *
 * READS_THREADS threads, one without it, share the slots and have one read
 * under way each: there is nothing to wait for, since the file is in memory.
 * This is as fast as the system can be asked.
 */

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"
#include "machine.h"
#include "reads.h"

enum {
	THREADS = 8			/* at most */
};

struct share {
	int descriptor;
	struct reads_slot *slots;
	int count;
};

static void
read_share(void *arg)
{
	const struct share *share = arg;
	int busy = share->count;

	while (busy > 0)
		for (int i = 0; i < share->count; i++) {
			struct reads_slot *slot = &share->slots[i];

			if (slot->left > 0 && !reads_next(slot,
				(long)pread(share->descriptor, slot->buffer,
				READS_BLOCK, (off_t)slot->offset)))
				busy--;
		}
}

void
reads_run(const char *path, struct reads_slot *slots)
{
	const char *wanted = getenv("READS_THREADS");
	int threads = wanted != NULL ? atoi(wanted) : 1;
	int descriptor = open(path, O_RDONLY);
	struct machine_thread *others[THREADS];
	struct share shares[THREADS];

	if (descriptor < 0 || threads < 1 || threads > THREADS)
		bench_fail("cannot begin");
	for (int i = 0; i < threads; i++) {
		int first = READS_DEPTH * i / threads;

		shares[i].descriptor = descriptor;
		shares[i].slots = slots + first;
		shares[i].count = READS_DEPTH * (i + 1) / threads - first;
		if (i > 0)
			others[i] = machine_start(read_share, &shares[i]);
	}
	read_share(&shares[0]);
	for (int i = 1; i < threads; i++)
		machine_join(others[i]);
	close(descriptor);
}
