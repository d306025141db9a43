/* ok_neighbours.c - side by side in memory, and in nobody's way */
/* SPDX-License-Identifier: MIT */
/*
 * Two threads use memory that lies close together, without any lock. Correct,
 * because C tells locations apart byte by byte: chars that touch, a bit-field
 * and the char after it, the two halves of a line. And because any number of
 * threads may read what nobody writes, plainly or atomically.
 *
 * verdict: pass
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

static struct {
	unsigned bits : 4;
	char after;
	char left, right;
	short number;
} row;

static const char source[] = "both halves read from the same text";
static char line[24];
static atomic_int constant = 7;

static void *
left(void *unused)
{
	(void)unused;
	row.bits = 3;
	row.left = 'l';
	memset(line, '-', 11);
	memcpy(line, source, 4);
	assert(atomic_load_explicit(&constant, memory_order_relaxed) == 7);
	return NULL;
}

static void *
right(void *unused)
{
	int plain;

	(void)unused;
	row.after = 'a';
	row.right = 'r';
	row.number = 1;
	memset(line + 11, '=', sizeof(line) - 11);
	memmove(line + 12, source + 5, 6);
	memcpy(&plain, (const void *)&constant, sizeof(plain));
	assert(plain == 7);
	return NULL;
}

int
main(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, left, NULL);

	assert(error == 0);
	right(NULL);
	pthread_join(thread, NULL);
	assert(row.bits == 3 && row.after == 'a' && row.left == 'l' &&
	    row.right == 'r' && row.number == 1);
	assert(memcmp(line, "both-------=halves======", sizeof(line)) == 0);
	return 0;
}
