/* SPDX-License-Identifier: MIT */
/*
 * sample.h - files to work on, which are gone with their last handle
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "must.h"

enum { PATH_SIZE = 64 };

/* The byte that belongs at that offset: no two blocks are alike. */
static inline unsigned char
byte_at(DWORD offset)
{
	return (unsigned char)(offset * 7 + offset / 4096 * 31);
}

/* A name in the current directory that no other process uses. */
static inline void
name_file(char path[PATH_SIZE], const char *what)
{
	snprintf(path, PATH_SIZE, "%s.%lu.tmp", what,
		(unsigned long)GetCurrentProcessId());
}

/* Makes a file of so many bytes, by a handle whose writes block. */
static inline void
make_file(const char *path, DWORD size)
{
	HANDLE file = CreateFile(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
		FILE_ATTRIBUTE_NORMAL, NULL);
	unsigned char *bytes = malloc(size);
	DWORD written;

	must(file != INVALID_HANDLE_VALUE && bytes != NULL, "a new file");
	for (DWORD i = 0; i < size; i++)
		bytes[i] = byte_at(i);
	must(WriteFile(file, bytes, size, &written, NULL) &&
		written == size, "WriteFile");
	free(bytes);
	CloseHandle(file);
}

/* Opens it for overlapped requests, and for the last time. */
static inline HANDLE
open_file(const char *path, DWORD disposition)
{
	HANDLE file = CreateFile(path, GENERIC_READ | GENERIC_WRITE, 0, NULL,
		disposition, FILE_FLAG_OVERLAPPED | FILE_FLAG_DELETE_ON_CLOSE,
		NULL);

	must(file != INVALID_HANDLE_VALUE, "CreateFile");
	return file;
}

#endif /* SAMPLE_H */
