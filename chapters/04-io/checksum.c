/* SPDX-License-Identifier: MIT */
/*
 * checksum.c - the blocks of a file are read and summed in any order
 *
 * All reads are made at once. Each callback sums its own block; the sums
 * are put together in the order of the file.
 */
#include <stdint.h>

#include "sample.h"

enum { BLOCK = 4096, BLOCKS = 16, FILE_SIZE = BLOCK * BLOCKS - 1000 };

struct block {
	OVERLAPPED request;	/* first: the callback is given this */
	unsigned char bytes[BLOCK];
	uint32_t sum, size;	/* written by its callback */
};

static struct block blocks[BLOCKS];

/* One more byte: a sum that depends on their order. */
static uint32_t
add(uint32_t sum, unsigned char byte)
{
	return (sum ^ byte) * 16777619u;
}

static VOID CALLBACK
block_read(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct block *block = overlapped;

	(void)instance, (void)context, (void)io;
	must(error == NO_ERROR, "a read");
	for (ULONG_PTR i = 0; i < bytes; i++)
		block->sum = add(block->sum, block->bytes[i]);
	block->size = (uint32_t)bytes;
}

static void
read_all(HANDLE file, PTP_IO io)
{
	for (DWORD i = 0; i < BLOCKS; i++) {
		blocks[i].request.Offset = i * BLOCK;
		StartThreadpoolIo(io);
		must_be_made(ReadFile(file, blocks[i].bytes, BLOCK, NULL,
			&blocks[i].request));
	}
	WaitForThreadpoolIoCallbacks(io, FALSE);
}

int
main(void)
{
	uint32_t sum = 0, size = 0;
	char path[PATH_SIZE];
	HANDLE file;
	PTP_IO io;

	name_file(path, "checksum");
	make_file(path, FILE_SIZE);
	file = open_file(path, OPEN_EXISTING);
	io = new_io(file, block_read, NULL, NULL);
	read_all(file, io);
	CloseThreadpoolIo(io);
	CloseHandle(file);
	for (int i = 0; i < BLOCKS; i++) {
		sum = sum * 31 + blocks[i].sum;
		size += blocks[i].size;
	}
	must(size == FILE_SIZE, "the whole file");
	printf("%d bytes in %d blocks, sum %08lx\n", FILE_SIZE, BLOCKS,
		(unsigned long)sum);
	return 0;
}
