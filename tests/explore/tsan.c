/* tsan.c - atomics as steps, where ThreadSanitizer is in the program */
/* SPDX-License-Identifier: MIT */
/*
 * Under ThreadSanitizer the compiler's calls at memory accesses go to its
 * library, which finds races by itself. But the explorer must be able to
 * switch threads at an atomic, or it cannot find what goes wrong between two
 * of them. So these calls are wrapped as well (ld --wrap): first the step,
 * then the library's own function.
 *
 * The library takes its return address for the place of the access. That is
 * why these are the only functions of the explorer that are compiled to leave
 * by a jump: the return address is then still the program's.
 *
 * Plain accesses stay out of sight; programs whose bugs need a switch there
 * say so in the corpus (needs: accesses).
 *
 * Only the variant explore-tsan links this file, in place of callbacks.c and
 * atomic.c.
 */
#include "shadow.h"

static void
step(const volatile void *address, size_t size, bool write)
{
	if (xp_active())
		xp_access_step(XP_ATOMIC, address, size, write);
}

#define NAMED(prefix, bits, name) prefix##__tsan_atomic##bits##_##name

/* Declares the real function, defines its wrapper. */
#define WRAP(bits, result, name, write, parameters, arguments) \
	result NAMED(__real_, bits, name) parameters; \
	result NAMED(__wrap_, bits, name) parameters; \
	result \
	NAMED(__wrap_, bits, name) parameters \
	{ \
		step(a, bits / 8, write); \
		return NAMED(__real_, bits, name) arguments; \
	}

#define UPDATE(bits, name) \
	WRAP(bits, uint##bits##_t, name, true, \
		(volatile uint##bits##_t *a, uint##bits##_t value, int order), \
		(a, value, order))

#define COMPARE(bits, name) \
	WRAP(bits, int, name, true, \
		(volatile uint##bits##_t *a, uint##bits##_t *expected, \
		uint##bits##_t value, int order, int order_if_not), \
		(a, expected, value, order, order_if_not))

#define ATOMICS(bits) \
	WRAP(bits, uint##bits##_t, load, false, \
		(const volatile uint##bits##_t *a, int order), (a, order)) \
	void NAMED(__real_, bits, store)(volatile uint##bits##_t *a, \
		uint##bits##_t value, int order); \
	void NAMED(__wrap_, bits, store)(volatile uint##bits##_t *a, \
		uint##bits##_t value, int order); \
	void \
	NAMED(__wrap_, bits, store)(volatile uint##bits##_t *a, \
		uint##bits##_t value, int order) \
	{ \
		step(a, bits / 8, true); \
		NAMED(__real_, bits, store)(a, value, order); \
	} \
	UPDATE(bits, exchange) \
	UPDATE(bits, fetch_add) \
	UPDATE(bits, fetch_sub) \
	UPDATE(bits, fetch_and) \
	UPDATE(bits, fetch_or) \
	UPDATE(bits, fetch_xor) \
	UPDATE(bits, fetch_nand) \
	COMPARE(bits, compare_exchange_strong) \
	COMPARE(bits, compare_exchange_weak) \
	WRAP(bits, uint##bits##_t, compare_exchange_val, true, \
		(volatile uint##bits##_t *a, uint##bits##_t expected, \
		uint##bits##_t value, int order, int order_if_not), \
		(a, expected, value, order, order_if_not))

ATOMICS(8)
ATOMICS(16)
ATOMICS(32)
ATOMICS(64)
