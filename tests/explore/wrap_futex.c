/* wrap_futex.c - the futex system call, as a program makes it by itself */
/* SPDX-License-Identifier: MIT */
/*
 * To wait on a word is two steps. After the first the word is compared; if
 * it has the expected value the thread is asleep at once, as in the kernel:
 * no wake-up gets lost between. The second is to wake up, when a thread has
 * said so or the deadline has come. To wake is a step before. Which sleeper
 * is woken, when there are more than are to be woken, is the strategy's
 * choice.
 *
 * A wake-up orders no memory accesses: programs do that by the atomic word
 * itself, and those who rely on the wake-up alone have a race.
 *
 * Waiting and waking with and without a bit set are covered. A program that
 * moves sleepers from word to word or has the kernel do locks cannot be
 * explored, and is told so. Other system calls pass through.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "inner.h"

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

/* The arguments of a futex call. */
struct call {
	const _Atomic uint32_t *word;
	int command;			/* without its flags */
	clockid_t clock;		/* of a deadline */
	uint32_t value;			/* expected; how many to wake */
	const struct timespec *timeout;	/* or NULL */
	uint32_t bits;			/* wake and wait only if in common */
};

/* ---- Waiting ---- */

static bool
is_woken(struct xp_op *op)
{
	return op->woken;
}

/* XP_FOREVER: no time-out was given. Without a bit set it is relative. */
static xp_time
deadline_of(const struct call *call)
{
	const struct timespec *timeout = call->timeout;

	if (timeout == NULL)
		return XP_FOREVER;
	if (call->command == FUTEX_WAIT_BITSET)
		return xp_deadline(call->clock, timeout);
	if (timeout->tv_sec > XP_FOREVER / XP_SECOND / 2)
		return XP_FOREVER;
	return xp_now + timeout->tv_sec * XP_SECOND + timeout->tv_nsec;
}

static bool
is_valid(const struct call *call)
{
	const struct timespec *timeout = call->timeout;

	return (uintptr_t)call->word % sizeof(*call->word) == 0 &&
		call->bits != 0 && (timeout == NULL ||
		(timeout->tv_sec >= 0 && xp_is_time(timeout)));
}

static long
wait(const struct call *call)
{
	struct xp_op op = { .kind = XP_FUTEX_WAIT, .ready = is_woken };

	if (!is_valid(call))
		return xp_fail(EINVAL);
	op.object = xp_object(XP_FUTEX, (const void *)call->word);
	op.data = call->bits;
	op.deadline = deadline_of(call);
	xp_simple_step(XP_FUTEX_WAIT, op.object, 0);
	if (atomic_load(call->word) != call->value)
		return xp_fail(EAGAIN);
	if (op.deadline <= xp_now || xp_step(&op) == XP_TIMED_OUT)
		return xp_fail(ETIMEDOUT);
	return 0;
}

/* ---- Waking ---- */

/* Of those who wait for the word, the ones with a bit in common. */
static uint32_t
sleepers(const struct xp_object *object, uint32_t bits)
{
	uint32_t waiters = xp_waiters(object, is_woken), mask = 0;

	for (; waiters != 0; waiters &= waiters - 1) {
		uint32_t lowest = waiters & (0 - waiters);
		unsigned number = (unsigned)__builtin_ctz(waiters);

		if ((xp_threads[number].op->data & bits) != 0)
			mask |= lowest;
	}
	return mask;
}

/*
 * The record has room for one choice a step: the first to be woken. The
 * others are those after it, by number, round and round.
 */
static long
wake(const struct call *call)
{
	struct xp_op op = { .kind = XP_FUTEX_WAKE };
	uint32_t waiters;
	unsigned next;
	long n = 0;

	if (!is_valid(call))
		return xp_fail(EINVAL);
	op.object = xp_object(XP_FUTEX, (const void *)call->word);
	(void)xp_step(&op);
	waiters = sleepers(op.object, call->bits);
	op.event->waiters = waiters;
	if (waiters == 0)
		return 0;
	next = xp_strategy_waiter(waiters)->number;
	op.event->woke = (uint8_t)(next + 1);
	for (; waiters != 0; next = (next + 1) % XP_THREADS) {
		if ((waiters >> next & 1) == 0)
			continue;
		xp_threads[next].op->woken = true;
		waiters &= ~xp_bit(next);
		if (++n >= (long)call->value)
			break;
	}
	xp_pause(op.object);
	return n;
}

/* ---- The system call ---- */

static long
futex(const long arguments[6])
{
	struct call call = {
		.word = (const _Atomic uint32_t *)arguments[0],
		.command = (int)arguments[1] & FUTEX_CMD_MASK,
		.clock = (arguments[1] & FUTEX_CLOCK_REALTIME) != 0 ?
			CLOCK_REALTIME : CLOCK_MONOTONIC,
		.value = (uint32_t)arguments[2],
		.bits = FUTEX_BITSET_MATCH_ANY
	};

	switch (call.command) {
	case FUTEX_WAIT_BITSET:
		call.bits = (uint32_t)arguments[5];
		/* fall through */
	case FUTEX_WAIT:
		call.timeout = (const struct timespec *)arguments[3];
		return wait(&call);
	case FUTEX_WAKE_BITSET:
		call.bits = (uint32_t)arguments[5];
		/* fall through */
	case FUTEX_WAKE:
		return wake(&call);
	default:
		xp_verdict(XP_TROUBLE, "futex command %d cannot be explored",
			call.command);
	}
}

/*
 * Takes six arguments, however many there are: as the C library's own
 * syscall does, which cannot know either.
 */
long
__wrap_syscall(long number, ...)
{
	long arguments[6];
	va_list list;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		arguments[i] = va_arg(list, long);
	va_end(list);
	if (xp_active() && number == SYS_futex)
		return futex(arguments);
	return __real_syscall(number, arguments[0], arguments[1],
		arguments[2], arguments[3], arguments[4], arguments[5]);
}
