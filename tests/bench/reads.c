/*
 * reads.c - reads per second of a file in memory: what all peers share
 * SPDX-License-Identifier: MIT
 *
 *     reads_PEER FILE READS
 *
 * FILE is made if it is not there: each of its blocks begins with its own
 * number. Of READS reads, after as many as a tenth of them for warming up, it
 * prints how many there were in a second, and the processor time of each in
 * us. A read that brings another block than was asked for, or not all of it,
 * is an error.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "machine.h"
#include "reads.h"

enum {
	BLOCKS = 4096			/* in the file; a power of two */
};

static struct reads_slot slots[READS_DEPTH];

void
bench_fail(const char *what)
{
	fprintf(stderr, "reads: %s\n", what);
	exit(1);
}

/* The block after this one, in an order that looks like none. */
static void
choose(struct reads_slot *slot)
{
	slot->order = slot->order * 6364136223846793005u +
	    1442695040888963407u;
	slot->offset = (int64_t)(slot->order >> 33 & (BLOCKS - 1)) *
	    READS_BLOCK;
}

int
reads_next(struct reads_slot *slot, long bytes)
{
	int64_t number;

	memcpy(&number, slot->buffer, sizeof(number));
	if (bytes != READS_BLOCK || number != slot->offset / READS_BLOCK)
		bench_fail("not what was asked for has been read");
	choose(slot);
	return --slot->left > 0;
}

static void
make_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	unsigned char block[READS_BLOCK] = { 0 };

	if (file != NULL) {
		fclose(file);
		return;
	}
	file = fopen(path, "wb");
	if (file == NULL)
		bench_fail("cannot make the file");
	for (int64_t number = 0; number < BLOCKS; number++) {
		memcpy(block, &number, sizeof(number));
		if (fwrite(block, sizeof(block), 1, file) != 1)
			bench_fail("cannot write the file");
	}
	if (fclose(file) != 0)
		bench_fail("cannot write the file");
}

/* Returns how long that many took, in ns; *processor: what of that it used. */
static int64_t
time_reads(const char *path, long count, int64_t *processor)
{
	int64_t began = machine_now();
	int64_t used = machine_processor_time();

	for (int i = 0; i < READS_DEPTH; i++) {
		slots[i].order = (uint64_t)i;
		slots[i].left = count / READS_DEPTH;
		choose(&slots[i]);
	}
	reads_run(path, slots);
	began = machine_now() - began;
	*processor = machine_processor_time() - used;
	for (int i = 0; i < READS_DEPTH; i++)
		if (slots[i].left != 0)
			bench_fail("a slot has not done its share");
	return began;
}

int
main(int argc, char **argv)
{
	long count = argc == 3 ? atol(argv[2]) / READS_DEPTH : 0;
	int64_t processor, took;

	if (count < 10)
		bench_fail("usage: reads_PEER FILE READS");
	make_file(argv[1]);
	(void)time_reads(argv[1], count / 10 * READS_DEPTH, &processor);
	count *= READS_DEPTH;
	took = time_reads(argv[1], count, &processor);
	printf("%.0f %.3f\n", (double)count * 1e9 / (double)took,
	    (double)processor / 1e3 / (double)count);
	return 0;
}
