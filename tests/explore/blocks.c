/* blocks.c - blocks of the program's memory: live, and dead ones that stay */
/* SPDX-License-Identifier: MIT */
/*
 * Natively, memory that was freed is soon somebody else's, and a program
 * that goes on using it is seldom caught. Here a freed block is filled with
 * 0xDD and kept, so that its addresses mean nothing else until the end of
 * the execution (or until more is kept than KEPT_MAX: then the oldest go).
 * Whoever touches it, or frees it again, is told of. What is dead is marked
 * in the shadow of memory (race.c), so live memory costs no look-up.
 *
 * What was allocated before exploring, or by libc for itself, may be freed
 * here too, and is not counted. If a sanitizer brings an allocator of its
 * own, that one keeps and poisons what is freed, and reports it better; then
 * blocks are only counted here.
 *
 * Interface: xp_memory_begin, xp_memory_dead, xp_memory_live,
 * xp_memory_touched; xp_block_new, xp_block_free, xp_block_size.
 */
#include <malloc.h>
#include <string.h>

#include "shadow.h"

#define KEPT_MAX	((size_t)64 * 1024 * 1024)	/* bytes */
#define CHAINS		8192U

void __real_free(void *pointer);

/* Of every sanitizer that has an allocator. */
size_t __sanitizer_get_allocated_size(const volatile void *block);
#pragma weak __sanitizer_get_allocated_size

struct block {
	struct block *next;		/* in its chain; or among the spare */
	struct block *younger;		/* freed after this one */
	char *start;
	size_t size;			/* bytes asked for */
	bool dead;
	uint8_t thread;			/* that freed it */
	uintptr_t frames[XP_FRAMES];	/* where */
};

static struct block *chains[CHAINS];
static struct block *spare;		/* to use again */
static struct block *oldest, *youngest;	/* dead ones */
static size_t kept;			/* bytes of them */
static unsigned long live;

/* ---- The table of blocks ---- */

static struct block **
chain_of(const void *start)
{
	return &chains[(uintptr_t)start / 16 % CHAINS];
}

static struct block *
find(const void *start)
{
	struct block *block = *chain_of(start);

	while (block != NULL && block->start != start)
		block = block->next;
	return block;
}

static void
forget(struct block *block)
{
	struct block **link = chain_of(block->start);

	while (*link != block)
		link = &(*link)->next;
	*link = block->next;
	block->next = spare;
	spare = block;
}

static struct block *
make(void *start)
{
	struct block *block = spare, **chain = chain_of(start);

	if (block == NULL)
		block = xp_space(sizeof(*block));
	else
		spare = block->next;
	block->start = start;
	block->next = *chain;
	*chain = block;
	live++;
	return block;
}

/*
 * Writes down what the real allocator has returned, if anything. The block
 * may be known: then libc has freed it, and that was not seen.
 */
void *
xp_block_new(void *start, size_t size)
{
	struct block *block;

	if (start == NULL)
		return NULL;
	block = find(start);
	if (block == NULL)
		block = make(start);
	block->size = size;
	block->dead = false;
	xp_race_allocated(start, size);
	return start;
}

/* ---- Dead blocks ---- */

static struct block *
dead_block(const void *address)
{
	struct block *block = xp_race_is_dead(address) ? oldest : NULL;

	while (block != NULL && (uintptr_t)address -
	    (uintptr_t)block->start >= block->size)
		block = block->younger;
	return block;
}

/* The report finds in the record's race who had freed it, and where. */
static _Noreturn void
misuse(const struct block *block, uintptr_t caller, const char *text)
{
	struct xp_race_note *race = &xp_record->race;

	race->thread[0] = xp_self->number;
	race->thread[1] = block->thread;
	xp_call_frames(race->frames[0], caller, xp_call_now());
	memcpy(race->frames[1], block->frames, sizeof(block->frames));
	memcpy(xp_record->frames, race->frames[0], sizeof(block->frames));
	xp_verdict(XP_MISUSE, "%s", text);
}

/* The oldest dead block is given back, and its addresses may come again. */
static void
bury(void)
{
	struct block *block = oldest;

	oldest = block->younger;
	if (oldest == NULL)
		youngest = NULL;
	kept -= block->size;
	xp_race_allocated(block->start, block->size);
	__real_free(block->start);
	forget(block);
}

static void
keep(struct block *block, uintptr_t caller)
{
	block->dead = true;
	block->thread = xp_self->number;
	block->younger = NULL;
	xp_call_frames(block->frames, caller, xp_call_now());
	xp_race_free(block->start, block->size, caller);
	memset(block->start, XP_DEAD, block->size);
	if (youngest == NULL)
		oldest = block;
	else
		youngest->younger = block;
	youngest = block;
	kept += block->size;
	while (kept > KEPT_MAX)
		bury();
}

/* ---- Giving back ---- */

/* Not of our making; its addresses may come back by other ways, too. */
static void
free_foreign(void *pointer)
{
	if (__sanitizer_get_allocated_size == NULL)
		xp_race_allocated(pointer, malloc_usable_size(pointer));
	__real_free(pointer);
}

void
xp_block_free(void *pointer, uintptr_t caller)
{
	struct block *block = find(pointer), *dead = dead_block(pointer);

	if (block != NULL && block->dead)
		dead = block;		/* of no bytes, perhaps */
	if (dead != NULL)
		misuse(dead, caller, "memory is freed twice");
	if (block == NULL) {
		free_foreign(pointer);
		return;
	}
	live--;
	xp_objects_forget(block->start, block->size);
	if (__sanitizer_get_allocated_size != NULL) {
		forget(block);
		__real_free(pointer);
		return;
	}
	keep(block, caller);
}

/* How many of the bytes there are the caller's? */
size_t
xp_block_size(void *pointer, uintptr_t caller)
{
	const struct block *block = find(pointer);

	if (block == NULL)
		return malloc_usable_size(pointer);
	if (block->dead)
		misuse(block, caller,
			"memory is used after it was freed: by realloc");
	return block->size;
}

/* ---- Interface ---- */

/* One heap is enough, since one thread runs; it has the same addresses. */
void
xp_memory_begin(void)
{
#ifdef M_ARENA_MAX
	mallopt(M_ARENA_MAX, 1);
#endif
}

/* See inner.h. */
const void *
xp_memory_dead(const void *address)
{
	const struct block *block = dead_block(address);

	return block == NULL ? NULL : block->start;
}

/* See shadow.h. Beyond the end of a block nothing is known: no verdict. */
void
xp_memory_touched(uintptr_t address, size_t size, uintptr_t caller)
{
	const struct block *block = dead_block((const void *)address);

	if (block == NULL)
		block = dead_block((const void *)(address + size - 1));
	if (block != NULL)
		misuse(block, caller, "memory is used after it was freed");
}

unsigned long
xp_memory_live(void)
{
	return live;
}
