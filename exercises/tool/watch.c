/* watch.c - counts and hooks, by wrapping what the answer calls */
/* SPDX-License-Identifier: MIT */
/*
 * The checks' program is linked with --wrap, so that the answer's calls of
 * malloc, pthread_create, pthread_mutex_lock and so on arrive here first.
 * Calls from within the C library do not, so that only what the answer (and
 * what it is linked with) does is counted.
 *
 * Live allocations are kept in a table of their addresses, because memory
 * that the C library has allocated may be freed by the answer and must not
 * be counted then. The addresses are stored inverted: LeakSanitizer would
 * otherwise find the leaked memory in the table and think it is in use.
 *
 * Interface: suite.h ("Counting", "Moments") and watch.h.
 *
 * Locks: watch_lock guards everything here; nothing is called under it. An
 * explored program runs one thread at a time and none is stopped in here:
 * the lock would only add steps to be explored, and is left alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>

#include "explore.h"
#include "suite.h"
#include "watch.h"

#define SLOTS ((size_t)1 << 21)		/* a power of two */

static pthread_mutex_t watch_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t watch_changed = PTHREAD_COND_INITIALIZER;

/* Guarded by watch_lock. */
static uintptr_t table[SLOTS];		/* ~address; 0: empty */
static unsigned long allocations, allocations_made, allocation_to_fail;
static unsigned long threads, threads_made, thread_to_fail;
static bool allocations_fail, threads_fail;
static unsigned long spurious;
static void (*hooks[MOMENTS])(void *object);

static _Thread_local bool inside;	/* this thread runs a hook */

static void
lock(void)
{
	if (!explore_active())
		__real_pthread_mutex_lock(&watch_lock);
}

static void
unlock(void)
{
	if (!explore_active())
		__real_pthread_mutex_unlock(&watch_lock);
}

/* Fewer threads or allocations than before: watch_settle looks again. */
static void
changed(void)
{
	if (!explore_active())
		__real_pthread_cond_broadcast(&watch_changed);
}

/* ---- Allocations ---- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
int __real_posix_memalign(void **result, size_t alignment, size_t size);
void __real_free(void *memory);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
int __wrap_posix_memalign(void **result, size_t alignment, size_t size);
void __wrap_free(void *memory);

static size_t
home(uintptr_t key)
{
	return (size_t)((~key >> 4) * 0x9E3779B97F4A7C15u >> 20) % SLOTS;
}

/* The slot that holds the key, or the empty one where it would go. */
static size_t
slot_of(uintptr_t key)
{
	size_t slot = home(key);

	while (table[slot] != 0 && table[slot] != key)
		slot = (slot + 1) % SLOTS;
	return slot;
}

/* Empties a slot, and moves up those that were displaced by it. */
static void
vacate(size_t slot)
{
	size_t next = slot;

	for (;;) {
		next = (next + 1) % SLOTS;
		if (table[next] == 0)
			break;
		size_t wanted = home(table[next]);

		if ((next - wanted) % SLOTS >= (next - slot) % SLOTS) {
			table[slot] = table[next];
			slot = next;
		}
	}
	table[slot] = 0;
}

static void
allocated(void *memory)
{
	if (memory == NULL)
		return;
	lock();
	allocations_made++;
	if (allocations < SLOTS / 2) {
		table[slot_of(~(uintptr_t)memory)] = ~(uintptr_t)memory;
		allocations++;
	}
	unlock();
}

static void
freed(void *memory)
{
	if (memory == NULL)
		return;
	lock();
	size_t slot = slot_of(~(uintptr_t)memory);

	if (table[slot] != 0) {
		vacate(slot);
		allocations--;
		changed();
	}
	unlock();
}

/* Is the allocation that is about to be made one that is to fail? */
static bool
refused(void)
{
	bool refuse;

	lock();
	refuse = allocations_fail;
	if (allocation_to_fail > 0 && --allocation_to_fail == 0)
		refuse = true;
	unlock();
	if (refuse)
		errno = ENOMEM;
	return refuse;
}

void *
__wrap_malloc(size_t size)
{
	void *memory = refused() ? NULL : __real_malloc(size);

	allocated(memory);
	return memory;
}

void *
__wrap_calloc(size_t count, size_t size)
{
	void *memory = refused() ? NULL : __real_calloc(count, size);

	allocated(memory);
	return memory;
}

void *
__wrap_realloc(void *old, size_t size)
{
	uintptr_t address = (uintptr_t)old;

	if (refused())
		return NULL;
	freed((void *)address);

	void *memory = __real_realloc(old, size);

	allocated(memory == NULL && size > 0 ? (void *)address : memory);
	return memory;
}

void *
__wrap_aligned_alloc(size_t alignment, size_t size)
{
	void *memory = refused() ? NULL : __real_aligned_alloc(alignment,
		size);

	allocated(memory);
	return memory;
}

int
__wrap_posix_memalign(void **result, size_t alignment, size_t size)
{
	int error = refused() ? ENOMEM : __real_posix_memalign(result,
		alignment, size);

	if (error == 0)
		allocated(*result);
	return error;
}

void
__wrap_free(void *memory)
{
	freed(memory);
	__real_free(memory);
}

/* ---- Threads ---- */

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
	void *(*body)(void *), void *argument);
int __wrap_pthread_join(pthread_t thread, void **result);

struct start {
	void *(*body)(void *);
	void *argument;
};

static void
thread_ended(void *unused)
{
	(void)unused;
	lock();
	threads--;
	changed();
	unlock();
}

static void *
counted_body(void *argument)
{
	struct start start = *(struct start *)argument;
	void *result;

	__real_free(argument);
	pthread_cleanup_push(thread_ended, NULL);
	result = start.body(start.argument);
	pthread_cleanup_pop(1);
	return result;
}

static void
at(enum moment moment, void *object)
{
	void (*hook)(void *);

	if (inside)
		return;
	lock();
	hook = hooks[moment];
	unlock();
	if (hook == NULL)
		return;
	inside = true;
	hook(object);
	inside = false;
}

static bool
thread_refused(void)
{
	bool refuse;

	lock();
	refuse = threads_fail;
	if (thread_to_fail > 0 && --thread_to_fail == 0)
		refuse = true;
	if (!refuse) {
		threads++;
		threads_made++;
	}
	unlock();
	return refuse;
}

int
__wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
	void *(*body)(void *), void *argument)
{
	struct start *start;
	int error;

	at(BEFORE_CREATE, NULL);
	start = __real_malloc(sizeof(*start));
	if (start == NULL || thread_refused()) {
		__real_free(start);
		return EAGAIN;
	}
	start->body = body;
	start->argument = argument;
	error = __real_pthread_create(thread, attr, counted_body, start);
	if (error != 0) {
		__real_free(start);
		thread_ended(NULL);
		lock();
		threads_made--;
		unlock();
	}
	return error;
}

int
__wrap_pthread_join(pthread_t thread, void **result)
{
	at(BEFORE_JOIN, NULL);
	return __real_pthread_join(thread, result);
}

/* ---- Locks and conditions ---- */

int __real_pthread_cond_signal(pthread_cond_t *cond);
int __real_pthread_cond_timedwait(pthread_cond_t *cond,
	pthread_mutex_t *mutex, const struct timespec *deadline);

int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __wrap_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex);
int __wrap_pthread_cond_timedwait(pthread_cond_t *cond,
	pthread_mutex_t *mutex, const struct timespec *deadline);
int __wrap_pthread_cond_signal(pthread_cond_t *cond);
int __wrap_pthread_cond_broadcast(pthread_cond_t *cond);

int
__wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
	at(BEFORE_LOCK, mutex);
	return __real_pthread_mutex_lock(mutex);
}

int
__wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	int error = __real_pthread_mutex_unlock(mutex);

	at(AFTER_UNLOCK, mutex);
	return error;
}

/* Does this wait return at once? The mutex changes hands all the same. */
static bool
wakes_spuriously(pthread_mutex_t *mutex)
{
	bool wakes;

	lock();
	wakes = spurious > 0;
	if (wakes)
		spurious--;
	unlock();
	if (wakes) {
		__real_pthread_mutex_unlock(mutex);
		__real_pthread_mutex_lock(mutex);
	}
	return wakes;
}

int
__wrap_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	at(BEFORE_WAIT, cond);
	return wakes_spuriously(mutex) ? 0 :
		__real_pthread_cond_wait(cond, mutex);
}

int
__wrap_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
	const struct timespec *deadline)
{
	at(BEFORE_WAIT, cond);
	return wakes_spuriously(mutex) ? 0 :
		__real_pthread_cond_timedwait(cond, mutex, deadline);
}

int
__wrap_pthread_cond_signal(pthread_cond_t *cond)
{
	at(BEFORE_WAKE, cond);
	return __real_pthread_cond_signal(cond);
}

int
__wrap_pthread_cond_broadcast(pthread_cond_t *cond)
{
	at(BEFORE_WAKE, cond);
	return __real_pthread_cond_broadcast(cond);
}

/* ---- What suites ask for ---- */

/* Reads a counter under the lock. */
static unsigned long
read_count(const unsigned long *count)
{
	unsigned long value;

	lock();
	value = *count;
	unlock();
	return value;
}

unsigned long
live_threads(void)
{
	return read_count(&threads);
}

unsigned long
made_threads(void)
{
	return read_count(&threads_made);
}

unsigned long
live_allocations(void)
{
	return read_count(&allocations);
}

unsigned long
made_allocations(void)
{
	return read_count(&allocations_made);
}

void
fail_allocation(unsigned long n)
{
	lock();
	allocation_to_fail = n;
	unlock();
}

void
fail_thread(unsigned long n)
{
	lock();
	thread_to_fail = n;
	unlock();
}

void
fail_allocations(bool fail)
{
	lock();
	allocations_fail = fail;
	unlock();
}

void
fail_threads(bool fail)
{
	lock();
	threads_fail = fail;
	unlock();
}

void
at_each(enum moment moment, void (*hook)(void *object))
{
	lock();
	hooks[moment] = hook;
	unlock();
}

void
spurious_wakeups(unsigned long n)
{
	lock();
	spurious = n;
	unlock();
}

/* ---- Quiescence ---- */

static long
open_descriptors(void)
{
	long count = 0;

	for (int fd = 0; fd < 1024; fd++)
		count += fcntl(fd, F_GETFD) != -1;
	return count;
}

void
watch_state(struct watch_state *state)
{
	lock();
	state->threads = (long)threads;
	state->allocations = (long)allocations;
	unlock();
	state->descriptors = open_descriptors();
}

void
watch_settle(const struct watch_state *before,
	void (*report)(const struct watch_state *now))
{
	struct watch_state now = *before;

	lock();
	while ((long)threads > before->threads ||
	    (long)allocations > before->allocations) {
		now.threads = (long)threads;
		now.allocations = (long)allocations;
		report(&now);
		__real_pthread_cond_wait(&watch_changed, &watch_lock);
	}
	unlock();
}
