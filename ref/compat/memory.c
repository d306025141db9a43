/* memory.c - the process heap */
/* SPDX-License-Identifier: MIT */
/*
 * Interface: GetProcessHeap, HeapAlloc, HeapReAlloc, HeapSize, HeapFree;
 * LocalAlloc and LocalFree, which some functions still speak of.
 *
 * All of it is malloc. A block of the heap begins with its size, which
 * HeapSize tells and HeapReAlloc needs: memory that it adds must be zero
 * if the caller asks, and realloc does not say how much it added.
 *
 * The heap is its own handle: no kernel object, and not one to close.
 * Differs: HEAP_NO_SERIALIZE is ignored, and there are no private heaps.
 */
#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../threadpool.h"

/* What stands before the caller's bytes; keeps them aligned for any type. */
struct block {
	alignas(max_align_t) SIZE_T size;	/* bytes, as asked for */
};

static char heap;	/* its address is the handle */

static bool
is_heap(HANDLE handle)
{
	if (handle == &heap)
		return true;
	SetLastError(ERROR_INVALID_HANDLE);
	return false;
}

static struct block *
block_of(LPCVOID memory)
{
	return (struct block *)(ULONG_PTR)memory - 1;
}

/* Makes or, unless old is NULL, resizes a block: NULL if memory is short. */
static struct block *
resized(struct block *old, SIZE_T size)
{
	struct block *block = NULL;

	if (size <= SIZE_MAX - sizeof(*block))
		block = realloc(old, sizeof(*block) + size);
	if (block == NULL)
		SetLastError(ERROR_NOT_ENOUGH_MEMORY);
	else
		block->size = size;
	return block;
}

/* The handle of the one heap. Cannot fail; there is nothing to close. */
HANDLE WINAPI
GetProcessHeap(VOID)
{
	return &heap;
}

/*
 * Allocates dwBytes, aligned for any type; 0 gives a block of no bytes.
 * dwFlags: HEAP_ZERO_MEMORY or 0.
 * Fails: NULL, ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_HANDLE.
 */
LPVOID WINAPI
HeapAlloc(HANDLE hHeap, DWORD dwFlags, SIZE_T dwBytes)
{
	struct block *block;

	if (!is_heap(hHeap))
		return NULL;
	block = resized(NULL, dwBytes);
	if (block == NULL)
		return NULL;
	if ((dwFlags & HEAP_ZERO_MEMORY) != 0)
		memset(block + 1, 0, dwBytes);
	return block + 1;
}

/*
 * Makes a block dwBytes long; it may move, unless dwFlags has
 * HEAP_REALLOC_IN_PLACE_ONLY. HEAP_ZERO_MEMORY: bytes added are 0.
 * Fails: NULL, ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_HANDLE, and
 * ERROR_INVALID_PARAMETER of lpMem NULL; the block stays as it was.
 */
LPVOID WINAPI
HeapReAlloc(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem, SIZE_T dwBytes)
{
	bool in_place = (dwFlags & HEAP_REALLOC_IN_PLACE_ONLY) != 0;
	struct block *block;
	SIZE_T before;

	if (!is_heap(hHeap))
		return NULL;
	if (lpMem == NULL) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	before = block_of(lpMem)->size;
	if (in_place && dwBytes > before) {
		SetLastError(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	if (in_place) {
		block_of(lpMem)->size = dwBytes;
		return lpMem;
	}
	block = resized(block_of(lpMem), dwBytes);
	if (block == NULL)
		return NULL;
	if ((dwFlags & HEAP_ZERO_MEMORY) != 0 && dwBytes > before)
		memset((char *)(block + 1) + before, 0, dwBytes - before);
	return block + 1;
}

/*
 * How many bytes were asked for. dwFlags: 0.
 * Fails: (SIZE_T)-1, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER of NULL.
 */
SIZE_T WINAPI
HeapSize(HANDLE hHeap, DWORD dwFlags, LPCVOID lpMem)
{
	UNREFERENCED_PARAMETER(dwFlags);
	if (!is_heap(hHeap))
		return (SIZE_T)-1;
	if (lpMem == NULL) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return (SIZE_T)-1;
	}
	return block_of(lpMem)->size;
}

/*
 * Frees a block; NULL is none. dwFlags: 0.
 * Fails: FALSE, ERROR_INVALID_HANDLE.
 */
BOOL WINAPI
HeapFree(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem)
{
	UNREFERENCED_PARAMETER(dwFlags);
	if (!is_heap(hHeap))
		return FALSE;
	if (lpMem != NULL)
		free(block_of(lpMem));
	return TRUE;
}

/*
 * Allocates uBytes. uFlags: LMEM_FIXED; LPTR for bytes that are 0.
 * Fails: NULL, ERROR_NOT_ENOUGH_MEMORY, ERROR_NOT_SUPPORTED of other flags.
 * Differs: no movable memory.
 */
HLOCAL WINAPI
LocalAlloc(UINT uFlags, SIZE_T uBytes)
{
	HLOCAL memory;

	if ((uFlags & ~LMEM_ZEROINIT) != 0) {
		SetLastError(ERROR_NOT_SUPPORTED);
		return NULL;
	}
	memory = calloc(uBytes > 0 ? uBytes : 1, 1);
	if (memory == NULL)
		SetLastError(ERROR_NOT_ENOUGH_MEMORY);
	return memory;
}

/* Frees what LocalAlloc or FormatMessage allocated; returns NULL. */
HLOCAL WINAPI
LocalFree(HLOCAL hMem)
{
	free(hMem);
	return NULL;
}
