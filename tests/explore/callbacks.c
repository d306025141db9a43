/* callbacks.c - what the compiler calls at each plain access to memory */
/* SPDX-License-Identifier: MIT */
/*
 * With -fsanitize=thread a compiler puts a call before every access to
 * memory that another thread could see: __tsan_write4(address), and so on;
 * also where a function is entered and left. It expects a library of its own
 * behind these names. Explored programs are compiled with that option but
 * linked without it, and find the explorer's functions instead.
 *
 * The names with "unaligned", "read_write" and "volatile" are clang's, or
 * come with options of gcc; to us they are accesses like the others. (What
 * is volatile orders nothing.) The atomics are in atomic.c.
 *
 * A program that is explored under the real ThreadSanitizer is linked
 * without this file and atomic.c.
 */
#include "shadow.h"

#define CALLBACK(name, size, write) \
	void name(const volatile void *address); \
	void \
	name(const volatile void *address) \
	{ \
		xp_access(address, size, write, XP_HERE); \
	}

#define CALLBACKS(size) \
	CALLBACK(__tsan_read##size, size, false) \
	CALLBACK(__tsan_write##size, size, true) \
	CALLBACK(__tsan_read_write##size, size, true) \
	CALLBACK(__tsan_unaligned_read##size, size, false) \
	CALLBACK(__tsan_unaligned_write##size, size, true) \
	CALLBACK(__tsan_unaligned_read_write##size, size, true) \
	CALLBACK(__tsan_volatile_read##size, size, false) \
	CALLBACK(__tsan_volatile_write##size, size, true) \
	CALLBACK(__tsan_unaligned_volatile_read##size, size, false) \
	CALLBACK(__tsan_unaligned_volatile_write##size, size, true)

CALLBACKS(1)
CALLBACKS(2)
CALLBACKS(4)
CALLBACKS(8)
CALLBACKS(16)

void __tsan_read_range(const volatile void *address, size_t size);
void __tsan_write_range(const volatile void *address, size_t size);

void
__tsan_read_range(const volatile void *address, size_t size)
{
	xp_access(address, size, false, XP_HERE);
}

void
__tsan_write_range(const volatile void *address, size_t size)
{
	xp_access(address, size, true, XP_HERE);
}

/* ---- Functions ---- */

void __tsan_init(void);
void __tsan_func_entry(void *caller);
void __tsan_func_exit(void);

/* Called before main, once for each object file. */
void
__tsan_init(void)
{
	xp_accesses_seen = true;
}

void
__tsan_func_entry(void *caller)
{
	if (xp_active())
		xp_call_enter((uintptr_t)caller);
}

void
__tsan_func_exit(void)
{
	if (xp_active())
		xp_call_leave();
}
