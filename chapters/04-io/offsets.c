/* SPDX-License-Identifier: MIT */
/*
 * offsets.c - two reads of one file, under way at the same time
 *
 * Each says where it reads. Which of them ends first makes no difference.
 */
#include "sample.h"

enum { BLOCK = 4096 };

static unsigned char last[BLOCK], first[BLOCK];

static void
read_block(HANDLE file, unsigned char *block, OVERLAPPED *request,
	DWORD offset)
{
	*request = (OVERLAPPED){ .Offset = offset };
	request->hEvent = new_event(TRUE);
	must_be_made(ReadFile(file, block, BLOCK, NULL, request));
}

/* Waits for the request, and holds each byte against what it should be. */
static void
check_block(HANDLE file, const unsigned char *block, OVERLAPPED *request,
	DWORD offset)
{
	DWORD bytes;

	must(GetOverlappedResult(file, request, &bytes, TRUE) &&
		bytes == BLOCK, "GetOverlappedResult");
	for (DWORD i = 0; i < BLOCK; i++)
		must(block[i] == byte_at(offset + i), "the right byte");
	CloseHandle(request->hEvent);
	printf("offset %lu: the right block\n", (unsigned long)offset);
}

int
main(void)
{
	OVERLAPPED of_last, of_first;
	char path[PATH_SIZE];
	HANDLE file;

	name_file(path, "offsets");
	make_file(path, 2 * BLOCK);
	file = open_file(path, OPEN_EXISTING);
	read_block(file, last, &of_last, BLOCK);
	read_block(file, first, &of_first, 0);
	check_block(file, first, &of_first, 0);
	check_block(file, last, &of_last, BLOCK);
	CloseHandle(file);
	return 0;
}
