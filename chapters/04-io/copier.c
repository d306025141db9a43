/* SPDX-License-Identifier: MIT */
/*
 * copier.c - copies a file, with several requests under way
 *
 * Each of four carriers has one buffer and one request under way: it reads a
 * block, writes it, takes the next. No thread waits for any of them. Then
 * the copy is held against what it should be.
 */
#include "sample.h"

enum { FILE_SIZE = 100 * 1000 + 3, BLOCK = 8192, CARRIERS = 4 };

struct carrier {
	OVERLAPPED request;	/* first: the callbacks are given this */
	unsigned char buffer[BLOCK];
};

static struct carrier carriers[CARRIERS];
static HANDLE source, copy;
static PTP_IO source_io, copy_io;
static LONG next_block, busy = CARRIERS;	/* Interlocked only */
static HANDLE all_done;			/* manual-reset event */

/* How many bytes there are from that offset on, a block at most. */
static DWORD
size_at(DWORD offset)
{
	return FILE_SIZE - offset < BLOCK ? FILE_SIZE - offset : BLOCK;
}

/* Reads the next block, if there is one. */
static void
fetch(struct carrier *carrier)
{
	LONG block = InterlockedIncrement(&next_block) - 1;
	DWORD offset = (DWORD)block * BLOCK;

	if (offset >= FILE_SIZE) {
		if (InterlockedDecrement(&busy) == 0)
			SetEvent(all_done);
		return;
	}
	carrier->request = (OVERLAPPED){ .Offset = offset };
	StartThreadpoolIo(source_io);
	must_be_made(ReadFile(source, carrier->buffer, BLOCK, NULL,
		&carrier->request));
}

/* A block has been read: writes it to the same place. */
static VOID CALLBACK
block_read(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct carrier *carrier = overlapped;
	DWORD offset = carrier->request.Offset;

	(void)instance, (void)context, (void)io;
	must(error == NO_ERROR && bytes == size_at(offset), "a read");
	carrier->request = (OVERLAPPED){ .Offset = offset };
	StartThreadpoolIo(copy_io);
	must_be_made(WriteFile(copy, carrier->buffer, (DWORD)bytes, NULL,
		&carrier->request));
}

static VOID CALLBACK
block_written(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct carrier *carrier = overlapped;

	(void)instance, (void)context, (void)io;
	must(error == NO_ERROR && bytes == size_at(carrier->request.Offset),
		"a write");
	fetch(carrier);
}

/* Reads the copy, block by block, and looks at every byte. */
static void
verify(void)
{
	static unsigned char block[BLOCK];
	LARGE_INTEGER size;

	must(GetFileSizeEx(copy, &size) && size.QuadPart == FILE_SIZE,
		"its size");
	for (DWORD offset = 0; offset < FILE_SIZE; offset += BLOCK) {
		OVERLAPPED request = { .Offset = offset };
		DWORD bytes;

		must_be_made(ReadFile(copy, block, BLOCK, NULL, &request));
		must(GetOverlappedResult(copy, &request, &bytes, TRUE) &&
			bytes == size_at(offset), "GetOverlappedResult");
		for (DWORD i = 0; i < bytes; i++)
			must(block[i] == byte_at(offset + i), "a byte");
	}
}

int
main(void)
{
	char path[PATH_SIZE];

	name_file(path, "copier-source");
	make_file(path, FILE_SIZE);
	source = open_file(path, OPEN_EXISTING);
	name_file(path, "copier-copy");
	copy = open_file(path, CREATE_ALWAYS);
	source_io = new_io(source, block_read, NULL, NULL);
	copy_io = new_io(copy, block_written, NULL, NULL);
	all_done = new_event(TRUE);
	for (int i = 0; i < CARRIERS; i++)
		fetch(&carriers[i]);
	await(all_done);
	WaitForThreadpoolIoCallbacks(source_io, FALSE);
	CloseThreadpoolIo(source_io);
	WaitForThreadpoolIoCallbacks(copy_io, FALSE);
	CloseThreadpoolIo(copy_io);
	verify();
	printf("%d bytes copied, and compared\n", FILE_SIZE);
	CloseHandle(all_done);
	CloseHandle(copy);
	CloseHandle(source);
	return 0;
}
