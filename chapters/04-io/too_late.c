/* SPDX-License-Identifier: MIT */
/*
 * too_late.c - a read is cancelled while a letter comes
 *
 * explore: runs=2000
 */
#include "pipes.h"
#include "stream.h"

static struct pipe ends;

static DWORD WINAPI
send_letter(PVOID context)
{
	(void)context;
	put(ends.to, "x", 1);
	return 0;
}

/* Waits for the request. Returns how many letters it has read. */
static DWORD
letters(OVERLAPPED *request)
{
	DWORD bytes;

	if (!GetOverlappedResult(ends.from, request, &bytes, TRUE))
		must(GetLastError() == ERROR_OPERATION_ABORTED && bytes == 0,
			"cancelled");
	return bytes;
}

int
main(void)
{
	OVERLAPPED first = { 0 }, second = { 0 };
	char letter = 0;
	HANDLE thread;
	DWORD got;

	ends = new_pipe();
	must(!ReadFile(ends.from, &letter, 1, NULL, &first) &&
		GetLastError() == ERROR_IO_PENDING, "nothing is there");
	thread = CreateThread(NULL, 0, send_letter, NULL, 0, NULL);
	must(thread != NULL, "CreateThread");
	(void)CancelIoEx(ends.from, &first);
	got = letters(&first);
	if (got == 0) {		/* then it is still to be read */
		must_be_made(ReadFile(ends.from, &letter, 1, NULL, &second));
		got = letters(&second);
	}
	must(got == 1 && letter == 'x', "the letter");
	puts("the letter was read, by one of two requests");
	await(thread);
	CloseHandle(thread);
	CloseHandle(ends.from);
	CloseHandle(ends.to);
	return 0;
}
