/* token.c - one thread runs: the others sleep until they get the token */
/* SPDX-License-Identifier: MIT */
/*
 * Each thread has a word of its own, which is 1 while it has the token, and
 * sleeps on that word with the futex system call. Nothing that a sanitizer
 * watches is used: it must see only those orders between threads which the
 * program makes itself.
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "inner.h"

long __real_syscall(long number, ...);

/* Lets the thread run; the caller stops, or waits for its own turn. */
void
xp_token_give(struct xp_thread *to)
{
	atomic_store(&to->token, 1);
	__real_syscall(SYS_futex, &to->token, FUTEX_WAKE_PRIVATE, 1, NULL);
}

/* Sleeps until somebody has given the token to this thread. */
void
xp_token_await(struct xp_thread *self)
{
	while (atomic_load(&self->token) == 0)
		__real_syscall(SYS_futex, &self->token, FUTEX_WAIT_PRIVATE,
			0, NULL);
	atomic_store(&self->token, 0);
}
