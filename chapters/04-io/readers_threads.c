/* SPDX-License-Identifier: MIT */
/*
 * readers_threads.c - ten pipes, and a thread for each that reads it
 */
#include "must.h"

enum { PIPES = 10 };

struct line {
	HANDLE from, to;	/* a pipe: read here, write there */
	char letter;		/* what was read */
};

static struct line lines[PIPES];

static DWORD WINAPI
listen_to(PVOID context)
{
	struct line *line = context;
	DWORD bytes;

	must(ReadFile(line->from, &line->letter, 1, &bytes, NULL) &&
		bytes == 1, "ReadFile");
	return 0;
}

int
main(void)
{
	HANDLE threads[PIPES];
	DWORD bytes;

	for (int i = 0; i < PIPES; i++) {
		must(CreatePipe(&lines[i].from, &lines[i].to, NULL, 0),
			"CreatePipe");
		threads[i] = CreateThread(NULL, 0, listen_to, &lines[i], 0,
			NULL);
		must(threads[i] != NULL, "CreateThread");
	}
	for (int i = 0; i < PIPES; i++) {
		char letter = (char)('a' + i);

		must(WriteFile(lines[i].to, &letter, 1, &bytes, NULL),
			"WriteFile");
	}
	for (int i = 0; i < PIPES; i++) {
		await(threads[i]);
		putchar(lines[i].letter);
		CloseHandle(threads[i]);
		CloseHandle(lines[i].from);
		CloseHandle(lines[i].to);
	}
	printf("\nthreads made to read: %d\n", PIPES);
	return 0;
}
