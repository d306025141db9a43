/* wrap_memory.c - malloc and its family */
/* SPDX-License-Identifier: MIT */
/*
 * A program may be told that there is no memory (faults.c); all other
 * requests are served by the real allocator. What becomes of the blocks is
 * written down in blocks.c.
 *
 * realloc always moves, and strdup and strndup allocate here: libc's own
 * would do it unseen.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shadow.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
int __real_posix_memalign(void **block, size_t alignment, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *string);
char *__real_strndup(const char *string, size_t max);
void __real_free(void *pointer);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
int __wrap_posix_memalign(void **block, size_t alignment, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *string);
char *__wrap_strndup(const char *string, size_t max);
void __wrap_free(void *pointer);

static bool
is_refused(void)
{
	if (!xp_fault(EXPLORE_MALLOC))
		return false;
	errno = ENOMEM;
	return true;
}

/* ---- The wrapped calls ---- */

void *
__wrap_malloc(size_t size)
{
	if (!xp_active())
		return __real_malloc(size);
	return is_refused() ? NULL : xp_block_new(__real_malloc(size), size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	if (!xp_active())
		return __real_calloc(count, size);
	return is_refused() ? NULL :
		xp_block_new(__real_calloc(count, size), count * size);
}

void *
__wrap_aligned_alloc(size_t alignment, size_t size)
{
	if (!xp_active())
		return __real_aligned_alloc(alignment, size);
	return is_refused() ? NULL :
		xp_block_new(__real_aligned_alloc(alignment, size), size);
}

/* It returns its error, and leaves errno alone. */
int
__wrap_posix_memalign(void **block, size_t alignment, size_t size)
{
	int error;

	if (xp_active() && xp_fault(EXPLORE_MALLOC))
		return ENOMEM;
	error = __real_posix_memalign(block, alignment, size);
	if (xp_active() && error == 0)
		(void)xp_block_new(*block, size);
	return error;
}

/* Always moves. As glibc's, it frees when the new size is 0. */
void *
__wrap_realloc(void *old, size_t size)
{
	size_t old_size;
	void *new;

	if (!xp_active())
		return __real_realloc(old, size);
	old_size = old == NULL ? 0 : xp_block_size(old, XP_HERE);
	if (old != NULL && size == 0) {
		xp_block_free(old, XP_HERE);
		return NULL;
	}
	if (is_refused())
		return NULL;
	new = xp_block_new(__real_malloc(size), size);
	if (new != NULL && old != NULL) {
		memcpy(new, old, old_size < size ? old_size : size);
		xp_block_free(old, XP_HERE);
	}
	return new;
}

static char *
copy(const char *string, size_t length, size_t read, uintptr_t caller)
{
	char *new;

	xp_access(string, read, false, caller);
	if (is_refused())
		return NULL;
	new = xp_block_new(__real_malloc(length + 1), length + 1);
	if (new != NULL) {
		memcpy(new, string, length);
		new[length] = '\0';
		xp_access(new, length + 1, true, caller);
	}
	return new;
}

/* libc's own would allocate unseen. */
char *
__wrap_strdup(const char *string)
{
	if (!xp_active())
		return __real_strdup(string);
	return copy(string, strlen(string), strlen(string) + 1, XP_HERE);
}

char *
__wrap_strndup(const char *string, size_t max)
{
	size_t length;

	if (!xp_active())
		return __real_strndup(string, max);
	length = strnlen(string, max);
	return copy(string, length, length < max ? length + 1 : length,
		XP_HERE);
}

/* In some places, a step: what is freed may yet be used before. */
void
__wrap_free(void *pointer)
{
	if (pointer == NULL || !xp_active()) {
		__real_free(pointer);
		return;
	}
	if (xp_place_is_step(XP_HERE))
		xp_access_step(XP_ACCESS, pointer, 0, true);
	xp_block_free(pointer, XP_HERE);
}
