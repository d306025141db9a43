/* SPDX-License-Identifier: MIT */
/*
 * outcomes.c - the three ways in which a request can begin
 *
 * No pool is needed: the program asks how its requests stand.
 */
#include "pipes.h"
#include "stream.h"

/* Reads a few bytes, and says what came of the call. */
static void
try_to_read(HANDLE from, char *buffer, OVERLAPPED *request, const char *when)
{
	DWORD bytes;

	if (ReadFile(from, buffer, 8, &bytes, request))
		printf("%s: TRUE, %lu bytes\n", when, (unsigned long)bytes);
	else if (GetLastError() == ERROR_IO_PENDING)
		printf("%s: FALSE, it is pending\n", when);
	else
		printf("%s: FALSE, error %lu\n", when,
			(unsigned long)GetLastError());
}

int
main(void)
{
	struct pipe pipe = new_pipe();
	OVERLAPPED request = { 0 };
	char buffer[8];
	DWORD bytes;

	put(pipe.to, "abc", 3);
	try_to_read(pipe.from, buffer, &request, "bytes are there");
	try_to_read(pipe.from, NULL, &request, "no buffer");

	request.hEvent = new_event(TRUE);
	try_to_read(pipe.from, buffer, &request, "nothing is there");
	must(!GetOverlappedResult(pipe.from, &request, &bytes, FALSE) &&
		GetLastError() == ERROR_IO_INCOMPLETE, "it goes on");
	puts("asked without waiting: it has not ended");
	put(pipe.to, "defgh", 5);
	await(request.hEvent);
	must(HasOverlappedIoCompleted(&request), "the end");
	must(GetOverlappedResult(pipe.from, &request, &bytes, TRUE),
		"GetOverlappedResult");
	printf("the event is set: it has ended, %lu bytes\n",
		(unsigned long)bytes);
	CloseHandle(request.hEvent);
	CloseHandle(pipe.from);
	CloseHandle(pipe.to);
	return 0;
}
