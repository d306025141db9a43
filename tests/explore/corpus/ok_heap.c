/* ok_heap.c - blocks that move, change hands, and come back */
/* SPDX-License-Identifier: MIT */
/*
 * Three threads, one after the other on what may be the same stack, each with
 * blocks of all sizes: made, moved, copied, handed to main by a lock, and
 * freed there. Correct, because a block has one owner at a time. Some come
 * from the C library, which has not asked for them by a call of the program;
 * some are of no bytes at all.
 *
 * verdict: pass
 * options: leftovers
 */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *handed[3];		/* Guarded by lock. */

static void
move_about(void)
{
	for (size_t size = 1; size < 40; size *= 3) {
		char *block = calloc(size, 2), *more;

		assert(block != NULL && block[2 * size - 1] == 0);
		block[size] = 'x';
		more = realloc(block, 5 * size);
		assert(more != NULL && more[size] == 'x');
		more[5 * size - 1] = 'y';
		free(more);
	}
	free(realloc(malloc(0), 10));
	free(NULL);
}

static void
align(void)
{
	void *block = NULL, *other = aligned_alloc(64, 128);

	assert(posix_memalign(&block, 256, 9) == 0);
	assert((uintptr_t)block % 256 == 0 && (uintptr_t)other % 64 == 0);
	memset(other, 1, 128);
	free(other);
	free(block);
}

/* getline asks the C library for its block, and it is ours to free. */
static void
read_a_line(void)
{
	char text[] = "hello\n", *read = NULL;
	size_t size = 0;
	FILE *file = fmemopen(text, sizeof(text) - 1, "r");

	assert(file != NULL);
	assert(getline(&read, &size, file) == 6);
	read[0] = 'j';
	assert(strcmp(read, "jello\n") == 0);
	free(read);
	fclose(file);
}

static void *
body(void *slot)
{
	char scratch[400], *copy, *first;

	memset(scratch, 'z', sizeof(scratch));
	move_about();
	align();
	read_a_line();
	copy = strdup("abcdef");
	assert(copy != NULL);
	first = strndup(copy, 3);
	assert(first != NULL && strcmp(first, "abc") == 0);
	free(copy);
	pthread_mutex_lock(&lock);
	*(char **)slot = first;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int
main(void)
{
	for (int i = 0; i < 3; i++) {
		pthread_t thread;
		int error = pthread_create(&thread, NULL, body, &handed[i]);

		assert(error == 0);
		pthread_mutex_lock(&lock);
		free(handed[0]);	/* if it is there already */
		handed[0] = NULL;
		pthread_mutex_unlock(&lock);
		pthread_join(thread, NULL);
	}
	for (int i = 0; i < 3; i++)
		free(handed[i]);
	return 0;
}
