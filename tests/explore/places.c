/* places.c - the places in the code where plain accesses are steps */
/* SPDX-License-Identifier: MIT */
/*
 * If every access to memory were a step, schedules would be long, and the
 * few switches that matter would drown. Most accesses are to memory of one
 * thread, or are made with the right lock held: a switch there shows nothing
 * that a switch at the lock does not. So an access is a step only where two
 * threads were seen to use the same memory with nothing to order them.
 *
 * That is learnt from one execution to the next. The places found are in
 * memory that all executions share, and may be added by several processes at
 * once: a slot is taken by compare-and-swap, from the first on, so that
 * there is no gap and no place is there twice. What an execution goes by is
 * a copy that the driver has frozen: the same plan is the same execution.
 *
 * Interface: xp_places_begin, xp_place_is_step, xp_place_found.
 */
#include "shadow.h"

#define PLACES	(sizeof(((struct xp_places *)NULL)->place) / \
	sizeof(uintptr_t))
#define SLOTS	1024U		/* a power of two, well above PLACES */

static uintptr_t slots[SLOTS];	/* hashed by address; 0: free */
static bool any;

static uintptr_t *
slot_of(uintptr_t place)
{
	size_t i = (place ^ place >> 10) % SLOTS;

	while (slots[i] != 0 && slots[i] != place)
		i = (i + 1) % SLOTS;
	return &slots[i];
}

/* Takes over the places that the driver has frozen. */
void
xp_places_begin(void)
{
	for (uint32_t i = 0; xp_places != NULL && i < xp_places->count; i++) {
		*slot_of(xp_places->place[i]) = xp_places->place[i];
		any = true;
	}
}

bool
xp_place_is_step(uintptr_t place)
{
	return any && *slot_of(place) == place;
}

/* The count only grows, whoever comes last. */
static void
raise_count(uint32_t count)
{
	uint32_t *shared = &xp_places_found->count;
	uint32_t seen = __atomic_load_n(shared, __ATOMIC_SEQ_CST);

	while (seen < count && !__atomic_compare_exchange_n(shared, &seen,
	    count, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		;
}

/* Adds the place for later executions. If the table is full: nothing. */
void
xp_place_found(uintptr_t place)
{
	if (xp_places_found == NULL || xp_place_is_step(place))
		return;
	for (uint32_t i = 0; i < PLACES; i++) {
		uintptr_t seen = 0;

		if (__atomic_compare_exchange_n(&xp_places_found->place[i],
		    &seen, place, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			raise_count(i + 1);
		else if (seen != place)
			continue;
		return;
	}
}
