/* counting.c - allocations and threads, counted and made to fail */
/* SPDX-License-Identifier: MIT */
/*
 * See harness.h for what each function promises. The functions named
 * __wrap_... take the place of malloc and its family and of pthread_create
 * in every object of a test program (ld --wrap): they count, fail when told
 * to, and else call the real ones, which are named __real_....
 *
 * A thread is counted until its function has returned or it has left by
 * pthread_exit; so what is passed to the real pthread_create is a function
 * of this file, with the other one and its argument in a small allocation
 * that nobody counts.
 */
#include <errno.h>
#include <stdatomic.h>

#include "harness.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *pointer);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
	void *(*body)(void *), void *argument);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *pointer);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
	void *(*body)(void *), void *argument);

/* Relaxed would do: each is a counter of its own. The default is simpler. */
static atomic_ulong allocations_asked, allocations_made, allocations_live;
static atomic_ulong threads_asked, threads_made, threads_live;
static atomic_bool allocations_fail, threads_fail;
static atomic_ulong allocation_to_fail, thread_to_fail;	/* 0: none */
static struct gate *_Atomic thread_gate;	/* NULL: none */

/* One more request: is it one that has to fail? */
static bool
must_fail(atomic_bool *all, atomic_ulong *number, atomic_ulong *asked)
{
	unsigned long n = atomic_fetch_add(asked, 1) + 1;

	return atomic_load(all) || n == atomic_load(number);
}

static void *
count(void *allocated)
{
	if (allocated == NULL)
		return NULL;
	atomic_fetch_add(&allocations_live, 1);
	atomic_fetch_add(&allocations_made, 1);
	return allocated;
}

static bool
allocation_fails(void)
{
	return must_fail(&allocations_fail, &allocation_to_fail,
		&allocations_asked);
}

void *
__wrap_malloc(size_t size)
{
	return allocation_fails() ? NULL : count(__real_malloc(size));
}

void *
__wrap_calloc(size_t number, size_t size)
{
	return allocation_fails() ? NULL :
		count(__real_calloc(number, size));
}

void *
__wrap_realloc(void *old, size_t size)
{
	void *new;

	if (allocation_fails())
		return NULL;
	new = __real_realloc(old, size);
	return old == NULL ? count(new) : new;
}

void
__wrap_free(void *pointer)
{
	if (pointer != NULL)
		atomic_fetch_sub(&allocations_live, 1);
	__real_free(pointer);
}

struct thread_start {
	void *(*body)(void *);
	void *argument;
};

static void
count_end(void *unused)
{
	(void)unused;
	atomic_fetch_sub(&threads_live, 1);
}

static void *
counted_thread(void *argument)
{
	struct thread_start start = *(struct thread_start *)argument;
	void *result;

	__real_free(argument);
	pthread_cleanup_push(count_end, NULL);	/* pthread_exit runs it too */
	result = start.body(start.argument);
	pthread_cleanup_pop(1);
	return result;
}

int
__wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
	void *(*body)(void *), void *argument)
{
	struct gate *gate = atomic_load(&thread_gate);
	struct thread_start *start;
	int error;

	if (gate != NULL)
		gate_wait(gate);
	if (must_fail(&threads_fail, &thread_to_fail, &threads_asked))
		return EAGAIN;
	start = __real_malloc(sizeof(*start));
	if (start == NULL)
		return EAGAIN;
	*start = (struct thread_start){ body, argument };
	atomic_fetch_add(&threads_live, 1);
	error = __real_pthread_create(thread, attr, counted_thread, start);
	if (error != 0) {
		atomic_fetch_sub(&threads_live, 1);
		__real_free(start);
	} else {
		atomic_fetch_add(&threads_made, 1);
	}
	return error;
}

void
fail_allocations(bool fail)
{
	atomic_store(&allocations_fail, fail);
}

void
fail_allocation_number(unsigned long n)
{
	atomic_store(&allocation_to_fail,
		n == 0 ? 0 : atomic_load(&allocations_asked) + n);
}

void
fail_threads(bool fail)
{
	atomic_store(&threads_fail, fail);
}

void
fail_thread_number(unsigned long n)
{
	atomic_store(&thread_to_fail,
		n == 0 ? 0 : atomic_load(&threads_asked) + n);
}

void
hold_threads(struct gate *gate)
{
	atomic_store(&thread_gate, gate);
}

unsigned long
live_allocations(void)
{
	return atomic_load(&allocations_live);
}

unsigned long
live_threads(void)
{
	return atomic_load(&threads_live);
}

unsigned long
made_threads(void)
{
	return atomic_load(&threads_made);
}

unsigned long
made_allocations(void)
{
	return atomic_load(&allocations_made);
}
