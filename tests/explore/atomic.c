/* atomic.c - C11 atomics: each is a step, and may order its threads */
/* SPDX-License-Identifier: MIT */
/*
 * An atomic access is a step always, unless the thread is the only one.
 * (To leave out those to memory that one thread alone has used so far looks
 * safe, and hides the plainest bug: two threads that load, add and store. The
 * first one's load and store would be no steps, and then the second one's
 * come too late to fall between them.)
 *
 * The accesses themselves happen one after the other, by threads that run in
 * turn: sequential consistency, whatever memory order is asked for. What the
 * order does decide is which plain accesses are ordered:
 *
 *	a load that acquires has seen what was released at that address,
 *	a store that releases leaves the thread's clock there, alone;
 *	read-modify-write that releases adds it to what is there,
 *	a relaxed store takes away what others left: it ends their release
 *	sequence, so who reads it has not heard of them; a relaxed
 *	read-modify-write continues it;
 *	a release fence before a relaxed store, and an acquire fence after a
 *	relaxed load, do for it what its own order would have done.
 *
 * Consume counts as acquire, as in all compilers. Order among seq_cst
 * fences alone orders no plain access. 128 bits: not here.
 *
 * Interface: what the compilers call, __tsan_atomic32_load and so on.
 */
#include "shadow.h"

#define CHAINS	256U
#define SEQ	__ATOMIC_SEQ_CST	/* only one thread runs */

struct location {
	struct location *next;
	uintptr_t address;
	uint32_t heads;		/* who has released there; a bit each */
	uint32_t clock[XP_THREADS];
};

/* What one thread's relaxed accesses may yet become by a fence. */
struct fence {
	bool releases;			/* there was a release fence */
	uint32_t released[XP_THREADS];	/* the clock then */
	uint32_t loaded[XP_THREADS];	/* awaits an acquire fence */
};

static struct location *chains[CHAINS];
static struct fence fences[XP_THREADS];

/* ---- Which orders do what ---- */

static bool
acquires(int order)
{
	return order == __ATOMIC_ACQUIRE || order == __ATOMIC_CONSUME ||
		order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
}

static bool
releases(int order)
{
	return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL ||
		order == __ATOMIC_SEQ_CST;
}

static struct location *
location_at(uintptr_t address)
{
	struct location **chain = &chains[address / 4 % CHAINS];
	struct location *location = *chain;

	while (location != NULL && location->address != address)
		location = location->next;
	if (location == NULL) {
		location = xp_space(sizeof(*location));
		location->address = address;
		location->next = *chain;
		*chain = location;
	}
	return location;
}

static void
empty(struct location *location)
{
	location->heads = 0;
	for (unsigned i = 0; i < XP_THREADS; i++)
		location->clock[i] = 0;
}

/* ---- Loads and stores as edges ---- */

static void
after_load(struct location *location, int order)
{
	if (acquires(order))
		xp_race_acquire(location->clock);
	else
		xp_clock_join(fences[xp_self->number].loaded, location->clock);
}

static void
leave_clock(struct location *location, int order)
{
	const struct fence *fence = &fences[xp_self->number];

	if (releases(order))
		xp_race_release(location->clock);
	else if (fence->releases)
		xp_clock_join(location->clock, fence->released);
	else
		return;
	location->heads |= xp_bit(xp_self->number);
}

/* C11: a thread's later relaxed store continues its own sequence. */
static void
after_store(struct location *location, int order)
{
	if (releases(order) || (location->heads & xp_bit(xp_self->number)) == 0)
		empty(location);
	leave_clock(location, order);
}

/* ---- What is common to all ---- */

static void
before(const volatile void *address, size_t size, bool write)
{
	if (xp_active())
		xp_access_step(XP_ATOMIC, address, size, write);
}

enum effect { LOAD, STORE, UPDATE };

static void
after(const volatile void *address, size_t size, enum effect effect,
	int order, uintptr_t caller)
{
	struct location *location;

	if (!xp_active())
		return;
	location = location_at((uintptr_t)address);
	if (effect != STORE)
		after_load(location, order);
	xp_race_access((const void *)(uintptr_t)address, size,
		effect != LOAD, true, caller);
	if (effect == STORE)
		after_store(location, order);
	else if (effect == UPDATE)
		leave_clock(location, order);
}

/* ---- What the compilers call ---- */

#define LOADS_AND_STORES(bits) \
	uint##bits##_t __tsan_atomic##bits##_load( \
		const volatile uint##bits##_t *a, int order); \
	uint##bits##_t \
	__tsan_atomic##bits##_load(const volatile uint##bits##_t *a, \
		int order) \
	{ \
		uint##bits##_t value; \
 \
		before(a, sizeof(*a), false); \
		value = __atomic_load_n(a, SEQ); \
		after(a, sizeof(*a), LOAD, order, XP_HERE); \
		return value; \
	} \
 \
	void __tsan_atomic##bits##_store(volatile uint##bits##_t *a, \
		uint##bits##_t value, int order); \
	void \
	__tsan_atomic##bits##_store(volatile uint##bits##_t *a, \
		uint##bits##_t value, int order) \
	{ \
		before(a, sizeof(*a), true); \
		__atomic_store_n(a, value, SEQ); \
		after(a, sizeof(*a), STORE, order, XP_HERE); \
	}

#define UPDATE(bits, name, builtin) \
	uint##bits##_t __tsan_atomic##bits##_##name( \
		volatile uint##bits##_t *a, uint##bits##_t value, \
		int order); \
	uint##bits##_t \
	__tsan_atomic##bits##_##name(volatile uint##bits##_t *a, \
		uint##bits##_t value, int order) \
	{ \
		before(a, sizeof(*a), true); \
		value = builtin(a, value, SEQ); \
		after(a, sizeof(*a), UPDATE, order, XP_HERE); \
		return value; \
	}

/* Compares with *expected; if it fails it is a load, of the other order. */
#define COMPARE(bits, name) \
	bool __tsan_atomic##bits##_##name(volatile uint##bits##_t *a, \
		uint##bits##_t *expected, uint##bits##_t value, \
		int order, int order_if_not); \
	bool \
	__tsan_atomic##bits##_##name(volatile uint##bits##_t *a, \
		uint##bits##_t *expected, uint##bits##_t value, \
		int order, int order_if_not) \
	{ \
		bool done; \
 \
		before(a, sizeof(*a), true); \
		done = __atomic_compare_exchange_n(a, expected, value, \
			false, SEQ, SEQ); \
		after(a, sizeof(*a), done ? UPDATE : LOAD, \
			done ? order : order_if_not, XP_HERE); \
		return done; \
	}

/* clang's: returns what was there. */
#define COMPARE_VALUE(bits) \
	uint##bits##_t __tsan_atomic##bits##_compare_exchange_val( \
		volatile uint##bits##_t *a, uint##bits##_t expected, \
		uint##bits##_t value, int order, int order_if_not); \
	uint##bits##_t \
	__tsan_atomic##bits##_compare_exchange_val( \
		volatile uint##bits##_t *a, uint##bits##_t expected, \
		uint##bits##_t value, int order, int order_if_not) \
	{ \
		bool done; \
 \
		before(a, sizeof(*a), true); \
		done = __atomic_compare_exchange_n(a, &expected, value, \
			false, SEQ, SEQ); \
		after(a, sizeof(*a), done ? UPDATE : LOAD, \
			done ? order : order_if_not, XP_HERE); \
		return expected; \
	}

#define ATOMICS(bits) \
	LOADS_AND_STORES(bits) \
	UPDATE(bits, exchange, __atomic_exchange_n) \
	UPDATE(bits, fetch_add, __atomic_fetch_add) \
	UPDATE(bits, fetch_sub, __atomic_fetch_sub) \
	UPDATE(bits, fetch_and, __atomic_fetch_and) \
	UPDATE(bits, fetch_or, __atomic_fetch_or) \
	UPDATE(bits, fetch_xor, __atomic_fetch_xor) \
	UPDATE(bits, fetch_nand, __atomic_fetch_nand) \
	COMPARE(bits, compare_exchange_strong) \
	COMPARE(bits, compare_exchange_weak) \
	COMPARE_VALUE(bits)

ATOMICS(8)
ATOMICS(16)
ATOMICS(32)
ATOMICS(64)

/* ---- Fences ---- */

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_signal_fence(int order);

/* No step: it touches no memory. */
void
__tsan_atomic_thread_fence(int order)
{
	struct fence *fence;

	if (!xp_active())
		return;
	fence = &fences[xp_self->number];
	if (acquires(order))
		xp_race_acquire(fence->loaded);
	if (releases(order)) {
		xp_race_release(fence->released);
		fence->releases = true;
	}
}

/* Between a thread and its own signal handler: no other thread's business. */
void
__tsan_atomic_signal_fence(int order)
{
	(void)order;
}
