/* access.c - the program's accesses to memory: which are steps */
/* SPDX-License-Identifier: MIT */
/*
 * An access at one of the places that places.c knows is a step: another
 * thread may run before it. Then race.c asks whether the access is ordered
 * with those before it. memcpy, memmove and memset are not compiled with the
 * program, so they are wrapped, and tell what they are about to touch.
 *
 * A loop of plain accesses that waits for another thread would never give
 * the token away. So a thread that makes very many without any step makes
 * one, wherever it is.
 *
 * Where the program is not compiled for it (under AddressSanitizer, say),
 * its atomics are not seen, nor what they order: then no access counts.
 *
 * Interface: xp_access, xp_access_step, xp_accesses_seen; the wrapped calls.
 */
#include "shadow.h"

#define PATIENCE	1000	/* accesses without a step */

void *__real_memcpy(void *to, const void *from, size_t size);
void *__real_memmove(void *to, const void *from, size_t size);
void *__real_memset(void *to, int byte, size_t size);
void *__wrap_memcpy(void *to, const void *from, size_t size);
void *__wrap_memmove(void *to, const void *from, size_t size);
void *__wrap_memset(void *to, int byte, size_t size);

bool xp_accesses_seen;

/* ---- Steps ---- */

/* While no other thread lives there is nothing to switch to. */
static bool
is_alone(void)
{
	for (unsigned i = 0; i < xp_thread_count; i++)
		if (!xp_threads[i].ended && &xp_threads[i] != xp_self)
			return false;
	return true;
}

/* See shadow.h. */
void
xp_access_step(enum xp_kind kind, const volatile void *address, size_t size,
	bool write)
{
	struct xp_op op = {
		.kind = kind, .data = (uintptr_t)address,
		.size = (uint32_t)size, .write = write
	};

	if (!is_alone())
		(void)xp_step(&op);
}

static bool
is_impatient(void)
{
	static uint32_t accesses, steps;

	if (steps != xp_record->steps) {
		steps = xp_record->steps;
		accesses = 0;
	}
	return ++accesses % PATIENCE == 0;
}

/* See shadow.h. */
void
xp_access(const volatile void *address, size_t size, bool write,
	uintptr_t caller)
{
	if (!xp_active() || !xp_accesses_seen || size == 0)
		return;
	if (xp_place_is_step(caller) || is_impatient())
		xp_access_step(XP_ACCESS, address, size, write);
	xp_race_access((const void *)(uintptr_t)address, size, write, false,
		caller);
}

/* ---- Copying ---- */

void *
__wrap_memcpy(void *to, const void *from, size_t size)
{
	xp_access(from, size, false, XP_HERE);
	xp_access(to, size, true, XP_HERE);
	return __real_memcpy(to, from, size);
}

void *
__wrap_memmove(void *to, const void *from, size_t size)
{
	xp_access(from, size, false, XP_HERE);
	xp_access(to, size, true, XP_HERE);
	return __real_memmove(to, from, size);
}

void *
__wrap_memset(void *to, int byte, size_t size)
{
	xp_access(to, size, true, XP_HERE);
	return __real_memset(to, byte, size);
}
