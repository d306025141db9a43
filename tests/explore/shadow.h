/* shadow.h - what is remembered of each byte of memory */
/* SPDX-License-Identifier: MIT */
/*
 * Memory is looked at in granules of eight bytes. For each there is a list
 * of cells; a cell is an access that has been: by which thread, when by that
 * thread's own clock, to which of the eight bytes, and from where in the
 * code. race.c says what the cells mean, shadow.c where they are kept.
 *
 * Interface: xp_space, xp_shadow_at, xp_shadow_clear, xp_cell_new,
 * xp_cell_free (shadow.c); xp_call_... (calls.c); xp_places_begin,
 * xp_place_... (places.c); xp_access, xp_access_step (access.c);
 * xp_race_is_dead, xp_race_free (race.c); xp_memory_touched, xp_block_...
 * (blocks.c).
 */
#ifndef SHADOW_H
#define SHADOW_H

#include "inner.h"

#define XP_HERE	((uintptr_t)__builtin_return_address(0))

#define XP_GRANULE	8U	/* bytes */

enum {				/* flags of a cell */
	XP_CELL_WRITE = 1,
	XP_CELL_PLAIN = 2	/* not atomic */
};

struct xp_cell {
	struct xp_cell *next;
	uintptr_t place;		/* in the code */
	const struct xp_call *call;	/* who had called that code */
	uint32_t time;			/* by the thread's own clock */
	uint8_t thread;
	uint8_t bytes;			/* of the granule; a bit each */
	uint8_t flags;
};

/* Takes over what the other clock has heard of. */
static inline void
xp_clock_join(uint32_t into[XP_THREADS], const uint32_t clock[XP_THREADS])
{
	for (unsigned i = 0; i < XP_THREADS; i++)
		if (into[i] < clock[i])
			into[i] = clock[i];
}

/* Zeroed memory that is never given back. */
void *xp_space(size_t size);

/* The list of the granule at this address; NULL: none, and not to make. */
struct xp_cell **xp_shadow_at(uintptr_t address, bool make);
/* Nothing has been in these granules. */
void xp_shadow_clear(uintptr_t start, size_t size);
struct xp_cell *xp_cell_new(void);
void xp_cell_free(struct xp_cell *cell);

/* In every granule of freed memory: no access has a place there. */
extern struct xp_cell xp_dead;
bool xp_race_is_dead(const void *address);
/* The block is dead from here on. The caller: who frees it. */
void xp_race_free(const void *start, size_t size, uintptr_t caller);
/* An access to a granule of freed memory: a verdict, if it is to a block. */
void xp_memory_touched(uintptr_t address, size_t size, uintptr_t caller);

/* What the real allocator has returned: the same, written down. */
void *xp_block_new(void *start, size_t size);
void xp_block_free(void *pointer, uintptr_t caller);
/* How many of the bytes there are the caller's? */
size_t xp_block_size(void *pointer, uintptr_t caller);

/* The calls that the calling thread is in. */
void xp_call_enter(uintptr_t caller);
void xp_call_leave(void);
const struct xp_call *xp_call_now(void);
void xp_call_frames(uintptr_t frames[XP_FRAMES], uintptr_t place,
	const struct xp_call *call);

void xp_places_begin(void);
bool xp_place_is_step(uintptr_t place);
void xp_place_found(uintptr_t place);

/* Faults are not counted yet, nor made: explore_count_faults begins. */
extern bool xp_faults_wait;

/* The program accesses memory, at that place in the code. */
void xp_access(const volatile void *address, size_t size, bool write,
	uintptr_t caller);
extern bool xp_accesses_seen;		/* is it compiled to tell? */

/* A step before an access; none while no other thread could run. size: in
   bytes; 0: the block is freed. */
void xp_access_step(enum xp_kind kind, const volatile void *address,
	size_t size, bool write);

#endif /* SHADOW_H */
