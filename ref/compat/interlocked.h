/* interlocked.h - the Interlocked functions: one word, changed at once */
/* SPDX-License-Identifier: MIT */
/*
 * Each function reads and writes one variable in a single step that no
 * other thread can divide, and is a full barrier: sequentially consistent,
 * in the words of C11. They never block and take no lock.
 *
 * What they return is the SDK's choice, and not uniform: Increment,
 * Decrement and Add give the new value, all others the old one.
 *
 * They are inline, so that a program built for ThreadSanitizer shows it
 * these accesses too, whatever the library was built with. The builtins of
 * gcc and clang stand behind the two macros below; C11's own atomics do not
 * fit, for the SDK's variables are plain LONGs.
 *
 * Included by compat.h; never by itself.
 */
#ifndef INTERLOCKED_H
#define INTERLOCKED_H

#define TP_ATOMIC(operation, variable, value) \
	__atomic_##operation((variable), (value), __ATOMIC_SEQ_CST)
#define TP_ATOMIC_COMPARE(variable, expected, value) \
	__atomic_compare_exchange_n((variable), (expected), (value), 0, \
		__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)

/* ---- 32 bits ---- */

/* Adds 1; returns the new value. */
static inline LONG
InterlockedIncrement(LONG volatile *Addend)
{
	return TP_ATOMIC(add_fetch, Addend, 1);
}

/* Subtracts 1; returns the new value. */
static inline LONG
InterlockedDecrement(LONG volatile *Addend)
{
	return TP_ATOMIC(sub_fetch, Addend, 1);
}

/* Adds Value; returns the new value. */
static inline LONG
InterlockedAdd(LONG volatile *Addend, LONG Value)
{
	return TP_ATOMIC(add_fetch, Addend, Value);
}

/* Adds Value; returns the old value. */
static inline LONG
InterlockedExchangeAdd(LONG volatile *Addend, LONG Value)
{
	return TP_ATOMIC(fetch_add, Addend, Value);
}

/* Stores Value; returns the old value. */
static inline LONG
InterlockedExchange(LONG volatile *Target, LONG Value)
{
	return TP_ATOMIC(exchange_n, Target, Value);
}

/*
 * Stores Exchange if the variable equals Comperand; returns the old value,
 * which is Comperand if and only if it did. (The spelling is the SDK's.)
 */
static inline LONG
InterlockedCompareExchange(LONG volatile *Destination, LONG Exchange,
	LONG Comperand)
{
	(void)TP_ATOMIC_COMPARE(Destination, &Comperand, Exchange);
	return Comperand;
}

/* Keeps the bits that Value has too; returns the old value. */
static inline LONG
InterlockedAnd(LONG volatile *Destination, LONG Value)
{
	return TP_ATOMIC(fetch_and, Destination, Value);
}

/* Sets the bits of Value; returns the old value. */
static inline LONG
InterlockedOr(LONG volatile *Destination, LONG Value)
{
	return TP_ATOMIC(fetch_or, Destination, Value);
}

/* Inverts the bits of Value; returns the old value. */
static inline LONG
InterlockedXor(LONG volatile *Destination, LONG Value)
{
	return TP_ATOMIC(fetch_xor, Destination, Value);
}

/* ---- 64 bits: the same ---- */

static inline LONG64
InterlockedIncrement64(LONG64 volatile *Addend)
{
	return TP_ATOMIC(add_fetch, Addend, 1);
}

static inline LONG64
InterlockedDecrement64(LONG64 volatile *Addend)
{
	return TP_ATOMIC(sub_fetch, Addend, 1);
}

static inline LONG64
InterlockedAdd64(LONG64 volatile *Addend, LONG64 Value)
{
	return TP_ATOMIC(add_fetch, Addend, Value);
}

static inline LONG64
InterlockedExchangeAdd64(LONG64 volatile *Addend, LONG64 Value)
{
	return TP_ATOMIC(fetch_add, Addend, Value);
}

static inline LONG64
InterlockedExchange64(LONG64 volatile *Target, LONG64 Value)
{
	return TP_ATOMIC(exchange_n, Target, Value);
}

static inline LONG64
InterlockedCompareExchange64(LONG64 volatile *Destination, LONG64 Exchange,
	LONG64 Comperand)
{
	(void)TP_ATOMIC_COMPARE(Destination, &Comperand, Exchange);
	return Comperand;
}

static inline LONG64
InterlockedAnd64(LONG64 volatile *Destination, LONG64 Value)
{
	return TP_ATOMIC(fetch_and, Destination, Value);
}

static inline LONG64
InterlockedOr64(LONG64 volatile *Destination, LONG64 Value)
{
	return TP_ATOMIC(fetch_or, Destination, Value);
}

static inline LONG64
InterlockedXor64(LONG64 volatile *Destination, LONG64 Value)
{
	return TP_ATOMIC(fetch_xor, Destination, Value);
}

/* ---- Pointers ---- */

/* Stores Value; returns the old pointer. */
static inline PVOID
InterlockedExchangePointer(PVOID volatile *Target, PVOID Value)
{
	return TP_ATOMIC(exchange_n, Target, Value);
}

/*
 * Stores Exchange if the pointer equals Comperand; returns the old pointer,
 * which is Comperand if and only if it did.
 */
static inline PVOID
InterlockedCompareExchangePointer(PVOID volatile *Destination,
	PVOID Exchange, PVOID Comperand)
{
	(void)TP_ATOMIC_COMPARE(Destination, &Comperand, Exchange);
	return Comperand;
}

/* ---- Barriers ---- */

extern LONG volatile tp_barrier;

/*
 * No read or write of this thread moves across this call. Written as a
 * change of one variable that all threads share: of any two barriers one
 * comes first, and the later one's thread sees all that went before. A bare
 * fence would do the same, but ThreadSanitizer does not understand it.
 */
static inline VOID
MemoryBarrier(VOID)
{
	(void)InterlockedExchangeAdd(&tp_barrier, 0);
}

#endif /* INTERLOCKED_H */
