/* SPDX-License-Identifier: MIT */
/*
 * bound.c - a function that is called for each request of a file
 *
 * Nothing is announced and nothing can be waited for: the program counts
 * its requests itself, and the file's end is the end of it.
 */
#include <string.h>

#include "must.h"

enum { BLOCK = 512, BLOCKS = 4 };

struct block {
	OVERLAPPED request;	/* first: the callback is given this */
	char bytes[BLOCK];
};

static struct block blocks[BLOCKS];
static LONG ended, right;	/* requests; Interlocked only */
static HANDLE all_ended;	/* auto-reset event */

static VOID CALLBACK
request_ended(DWORD error, DWORD bytes, LPOVERLAPPED overlapped)
{
	struct block *block = (struct block *)overlapped;

	must(error == NO_ERROR && bytes == BLOCK, "a whole block");
	must(block->request.Offset / BLOCK == (DWORD)(block - blocks),
		"the request that was made");
	if (block->bytes[0] == (char)('a' + (block - blocks)))
		InterlockedIncrement(&right);
	if (InterlockedIncrement(&ended) == BLOCKS)
		SetEvent(all_ended);
}

/* A new file, or one that is there, which nobody else may open. */
static HANDLE
open_file(const char *path, DWORD disposition, DWORD flags)
{
	HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL,
		disposition, flags, NULL);

	must(file != INVALID_HANDLE_VALUE, "CreateFileA");
	return file;
}

/* Writes all blocks or reads them, at once, and waits for the last one. */
static void
make_requests(HANDLE file, BOOL write)
{
	ended = right = 0;
	for (int i = 0; i < BLOCKS; i++) {
		struct block *block = &blocks[i];
		BOOL made;

		block->request = (OVERLAPPED){ .Offset = (DWORD)i * BLOCK };
		memset(block->bytes, write ? 'a' + i : 0, BLOCK);
		made = write ?
			WriteFile(file, block->bytes, BLOCK, NULL,
				&block->request) :
			ReadFile(file, block->bytes, BLOCK, NULL,
				&block->request);
		must(made || GetLastError() == ERROR_IO_PENDING, "a request");
	}
	await(all_ended);
	printf("%s: %ld callbacks, %ld with the right bytes\n",
		write ? "writes" : "reads", (long)ended, (long)right);
}

static void
must_be_refused(HANDLE file, const char *what)
{
	must(!BindIoCompletionCallback(file, request_ended, 0) &&
		GetLastError() == ERROR_INVALID_PARAMETER, "refused");
	printf("%s: ERROR_INVALID_PARAMETER\n", what);
}

int
main(void)
{
	char path[32];
	HANDLE file;

	all_ended = new_event(FALSE);
	snprintf(path, sizeof(path), "bound.%lu.tmp",
		(unsigned long)GetCurrentProcessId());
	file = open_file(path, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL);
	must_be_refused(file, "a file whose requests block");
	CloseHandle(file);
	file = open_file(path, OPEN_EXISTING,
		FILE_FLAG_OVERLAPPED | FILE_FLAG_DELETE_ON_CLOSE);
	must(BindIoCompletionCallback(file, request_ended, 0),
		"BindIoCompletionCallback");
	make_requests(file, TRUE);
	make_requests(file, FALSE);
	must_be_refused(file, "bound a second time");
	CloseHandle(file);
	CloseHandle(all_ended);
	return 0;
}
