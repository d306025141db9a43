/*
 * reads.h - many reads of a file under way at once, by whoever does them
 * SPDX-License-Identifier: MIT
 *
 * Each program reads.c + reads_PEER.c keeps DEPTH reads of BLOCK bytes under
 * way, of a file that the system has in memory: a slot asks for a block, and
 * as soon as it is there for the next. The blocks, their order and the check
 * of what has been read are the same for all.
 */

#ifndef READS_H
#define READS_H

#include <stdint.h>

enum {
	READS_DEPTH = 32,		/* slots */
	READS_BLOCK = 4096		/* bytes */
};

/* One read at a time. Aligned, so that no two share a line or a page. */
struct reads_slot {
	_Alignas(READS_BLOCK) unsigned char buffer[READS_BLOCK];
	int64_t offset;			/* to read at */
	long left;			/* reads, with this one */
	uint64_t order;			/* where the blocks lie */
};

/*
 * reads_next - a read of the slot has ended: checks it, and chooses the next.
 * bytes: that were read
 * Returns 0 when there is none: the slot has done its share.
 */
int reads_next(struct reads_slot *slot, long bytes);

/*
 * A peer fails by bench_fail (bench.h), and provides reads_run: it reads, for
 * each slot, at its offset into its buffer, calls reads_next, and so on; until
 * all have done their share.
 */
void reads_run(const char *path, struct reads_slot *slots);

#endif
