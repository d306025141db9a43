/* race.c - which accesses are ordered, and which race */
/* SPDX-License-Identifier: MIT */
/*
 * Two accesses to the same byte race when at least one writes, at least one
 * is not atomic, and neither happens before the other. "Before" is not what
 * a clock on the wall shows: it is what the program guarantees. A thread's
 * own actions are in order; what a thread did before it released a lock (or
 * posted, signalled, stored with memory_order_release, made a thread) is
 * before what another does after it acquired the lock (or waited, loaded,
 * started). So a race is found even if in this execution all went well.
 *
 * Each thread counts its own time, one tick with each release, and keeps for
 * every other thread the latest tick it has heard of: a vector clock. An
 * object's clock is the sum of its releases; an acquire adds it to the
 * thread's. Then an access of thread T at tick t (an epoch) is before what a
 * thread does now if, and only if, that thread has heard of T's tick t.
 *
 * An access is kept in a cell (shadow.h) until a later one makes it
 * superfluous: one that comes after it, covers its bytes, and conflicts with
 * whatever it conflicts with. So nothing is guessed or evicted, and an
 * access of the same thread in the same epoch as a cell that covers it costs
 * a look. There is no false alarm: bytes are told apart within a granule,
 * the compiler says what is one access, and every edge that C and POSIX
 * promise is counted (a few too many, as when a lock orders what need not
 * be, cost a race, never a false one).
 *
 * free() counts as a write to the whole block: to use a block and to free it
 * in no order is to use it after it was freed, in another schedule.
 *
 * Interface: the xp_race_ functions of inner.h.
 */
#include <string.h>

#include "shadow.h"

/* What the calling thread does now. */
struct access {
	struct xp_cell cell;
	uintptr_t address;
	size_t size;
	bool frees;
};

/* ---- Clocks ---- */

static void
tick(struct xp_thread *thread)
{
	thread->clock[thread->number]++;
}

/* An execution begins, with one thread. Tick 0 is before all time. */
void
xp_race_begin(void)
{
	tick(xp_self);
	xp_places_begin();
}

void
xp_race_created(struct xp_thread *parent, struct xp_thread *child)
{
	xp_clock_join(child->clock, parent->clock);
	tick(child);
	tick(parent);
}

/* What the calling thread's stack was used for before is of no interest. */
void
xp_race_started(void)
{
	xp_shadow_clear((uintptr_t)xp_self->stack_low,
		(size_t)(xp_self->stack_high - xp_self->stack_low));
}

void
xp_race_joined(struct xp_thread *self, struct xp_thread *ended)
{
	xp_clock_join(self->clock, ended->clock);
}

void
xp_race_acquire(const uint32_t clock[XP_THREADS])
{
	xp_clock_join(xp_self->clock, clock);
}

void
xp_race_release(uint32_t clock[XP_THREADS])
{
	xp_clock_join(clock, xp_self->clock);
	tick(xp_self);
}

static bool
is_ordered(const struct xp_cell *cell)
{
	return cell->time <= xp_self->clock[cell->thread];
}

/* ---- A race is found ---- */

static const char *
sentence(const struct xp_cell *earlier, const struct access *later)
{
	if (later->frees)
		return "one thread frees memory that another uses";
	if ((earlier->flags & later->cell.flags & XP_CELL_WRITE) != 0)
		return "two threads write to the same memory";
	return "one thread writes to memory that another reads";
}

static void
note(struct xp_race_note *race, unsigned i, const struct xp_cell *cell)
{
	race->thread[i] = cell->thread;
	race->write[i] = (cell->flags & XP_CELL_WRITE) != 0;
	race->atomic[i] = (cell->flags & XP_CELL_PLAIN) == 0;
	xp_call_frames(race->frames[i], cell->place, cell->call);
}

/* Atomic accesses are steps anyway; others will be from here on. */
static void
found(const struct xp_cell *earlier, const struct access *later)
{
	struct xp_race_note *race = &xp_record->race;

	if ((earlier->flags & XP_CELL_PLAIN) != 0)
		xp_place_found(earlier->place);
	if ((later->cell.flags & XP_CELL_PLAIN) != 0)
		xp_place_found(later->cell.place);
	if (!xp_plan->races)
		return;
	race->address = later->address;
	race->size = later->size;
	race->frees = later->frees;
	note(race, 0, &later->cell);
	note(race, 1, earlier);
	xp_verdict(XP_RACE, "%s, and nothing orders them",
		sentence(earlier, later));
}

/* ---- One granule ---- */

/* One writes, and one is not atomic. */
static bool
conflict(const struct xp_cell *a, const struct xp_cell *b)
{
	return (a->flags | b->flags) == (XP_CELL_WRITE | XP_CELL_PLAIN);
}

/* Has the thread done at least as much in this epoch already? */
static bool
is_known(const struct xp_cell *cell, const struct xp_cell *new)
{
	for (; cell != NULL; cell = cell->next)
		if (cell->thread == new->thread && cell->time == new->time &&
		    (new->bytes & ~cell->bytes) == 0 &&
		    (new->flags & ~cell->flags) == 0)
			return true;
	return false;
}

/* Whatever is compared with the old cell from now on meets the new one. */
static void
supersede(struct xp_cell *cell, const struct xp_cell *new)
{
	if ((cell->flags & ~new->flags) == 0)
		cell->bytes = (uint8_t)(cell->bytes & ~new->bytes);
}

/* Compares the access with those before; drops what it makes superfluous. */
static void
compare(struct xp_cell **list, const struct access *access)
{
	struct xp_cell **at = list, *cell;

	while ((cell = *at) != NULL) {
		if ((cell->bytes & access->cell.bytes) != 0) {
			if (is_ordered(cell))
				supersede(cell, &access->cell);
			else if (conflict(cell, &access->cell))
				found(cell, access);
		}
		if (cell->bytes != 0) {
			at = &cell->next;
		} else {
			*at = cell->next;
			xp_cell_free(cell);
		}
	}
}

/* The next byte of a string, from the same line, needs no cell of its own. */
static bool
extend(struct xp_cell *cell, const struct xp_cell *new)
{
	if (cell == NULL || cell->thread != new->thread ||
	    cell->time != new->time || cell->flags != new->flags ||
	    cell->place != new->place || cell->call != new->call)
		return false;
	cell->bytes |= new->bytes;
	return true;
}

static void
enter(struct xp_cell **list, const struct xp_cell *new)
{
	struct xp_cell *cell;

	if (extend(*list, new))
		return;
	cell = xp_cell_new();
	*cell = *new;
	cell->next = *list;
	*list = cell;
}

/* ---- Accesses ---- */

static struct access
access_now(const void *address, size_t size, unsigned flags, uintptr_t place)
{
	return (struct access){
		.cell = {
			.place = place, .call = xp_call_now(),
			.time = xp_self->clock[xp_self->number],
			.thread = xp_self->number, .flags = (uint8_t)flags
		},
		.address = (uintptr_t)address, .size = size
	};
}

/* Those of the granule's bytes that lie in the access; a bit each. */
static uint8_t
bytes_of(uintptr_t granule, const struct access *access)
{
	uintptr_t end = access->address + access->size;
	unsigned bytes = 0xff;

	if (access->address > granule)
		bytes &= 0xffU << (access->address - granule);
	if (end - granule < XP_GRANULE)
		bytes &= 0xffU >> (XP_GRANULE - (end - granule));
	return (uint8_t)bytes;
}

static void
touch(uintptr_t granule, struct access *access)
{
	struct xp_cell **list = xp_shadow_at(granule, true);

	access->cell.bytes = bytes_of(granule, access);
	if (*list == &xp_dead) {
		xp_memory_touched(access->address, access->size,
			access->cell.place);
		return;
	}
	if (is_known(*list, &access->cell))
		return;
	compare(list, access);
	enter(list, &access->cell);
}

/* The common case, at a glance: all of it is in the newest cell already. */
static bool
is_repeated(uintptr_t address, size_t size, unsigned flags)
{
	unsigned offset = address % XP_GRANULE, bytes;
	struct xp_cell **list, *cell;

	if (size > XP_GRANULE - offset)
		return false;
	list = xp_shadow_at(address, false);
	cell = list == NULL ? NULL : *list;
	bytes = (0xffU >> (XP_GRANULE - size)) << offset;
	return cell != NULL && cell->thread == xp_self->number &&
		cell->time == xp_self->clock[xp_self->number] &&
		(bytes & ~(unsigned)cell->bytes) == 0 &&
		(flags & ~(unsigned)cell->flags) == 0;
}

/* See inner.h. The caller is the return address, a place in the code. */
void
xp_race_access(const void *address, size_t size, bool write, bool atomic,
	uintptr_t caller)
{
	unsigned flags = (write ? XP_CELL_WRITE : 0U) |
		(atomic ? 0U : XP_CELL_PLAIN);
	uintptr_t granule = (uintptr_t)address / XP_GRANULE * XP_GRANULE;
	struct access access;

	if (is_repeated((uintptr_t)address, size, flags))
		return;
	access = access_now(address, size, flags, caller);
	for (; granule < access.address + size; granule += XP_GRANULE)
		touch(granule, &access);
}

/* ---- Memory that comes and goes ---- */

/* See shadow.h. The block begins a granule, as all that malloc returns. */
void
xp_race_free(const void *start, size_t size, uintptr_t caller)
{
	struct access access = access_now(start, size,
		XP_CELL_WRITE | XP_CELL_PLAIN, caller);
	uintptr_t granule = access.address;

	access.frees = true;
	access.cell.bytes = 0xff;
	for (; granule < access.address + size; granule += XP_GRANULE) {
		struct xp_cell **list = xp_shadow_at(granule, true);

		if (*list != &xp_dead)
			compare(list, &access);
	}
	xp_shadow_clear(access.address, size);
	granule = access.address;
	for (; granule < access.address + size; granule += XP_GRANULE)
		*xp_shadow_at(granule, true) = &xp_dead;
}

/* See inner.h. */
void
xp_race_allocated(const void *start, size_t size)
{
	xp_shadow_clear((uintptr_t)start, size);
}

/* Is it in a granule of freed memory? */
bool
xp_race_is_dead(const void *address)
{
	struct xp_cell **list = xp_shadow_at((uintptr_t)address, false);

	return list != NULL && *list == &xp_dead;
}
