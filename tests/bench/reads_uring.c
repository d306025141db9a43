/*
 * reads_uring.c - the same reads by io_uring and one thread, by liburing
 * SPDX-License-Identifier: MIT
 *
 * The loop hands over what has been asked for, waits until something has been
 * read, and takes all that has. Where io_uring is not allowed, the program
 * says so by status 3.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <liburing.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"
#include "reads.h"

static struct io_uring ring;

static void
enter(int descriptor, struct reads_slot *slot)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	io_uring_prep_read(sqe, descriptor, slot->buffer, READS_BLOCK,
	    (uint64_t)slot->offset);
	io_uring_sqe_set_data(sqe, slot);
}

void
reads_run(const char *path, struct reads_slot *slots)
{
	int descriptor = open(path, O_RDONLY);
	int busy = READS_DEPTH;
	struct io_uring_cqe *cqe;

	if (descriptor < 0)
		bench_fail("cannot open the file");
	if (io_uring_queue_init(READS_DEPTH, &ring, 0) != 0)
		exit(3);
	for (int i = 0; i < READS_DEPTH; i++)
		enter(descriptor, &slots[i]);
	while (busy > 0) {
		if (io_uring_submit_and_wait(&ring, 1) < 0)
			bench_fail("io_uring_submit_and_wait failed");
		while (io_uring_peek_cqe(&ring, &cqe) == 0) {
			struct reads_slot *slot = io_uring_cqe_get_data(cqe);
			long bytes = cqe->res;

			io_uring_cqe_seen(&ring, cqe);
			if (reads_next(slot, bytes))
				enter(descriptor, slot);
			else
				busy--;
		}
	}
	io_uring_queue_exit(&ring);
	close(descriptor);
}
