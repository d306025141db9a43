/* SPDX-License-Identifier: MIT */
/*
 * readers_pool.c - ten pipes, and no thread that waits in a read
 */
#include "pipes.h"
#include "stream.h"

enum { PIPES = 10 };

struct line {
	struct pipe pipe;
	PTP_IO io;
	OVERLAPPED request;
	char letter;		/* what was read */
	DWORD thread;		/* that was told of it */
};

static struct line lines[PIPES];

static VOID CALLBACK
letter_read(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped,
	ULONG error, ULONG_PTR bytes, PTP_IO io)
{
	struct line *line = context;

	(void)instance, (void)io;
	must(overlapped == &line->request, "the request of this line");
	must(error == NO_ERROR && bytes == 1, "one letter");
	line->thread = GetCurrentThreadId();
}

static void
listen_to(struct line *line)
{
	StartThreadpoolIo(line->io);
	must_be_made(ReadFile(line->pipe.from, &line->letter, 1, NULL,
		&line->request));
}

int
main(void)
{
	TP_CALLBACK_ENVIRON environment;
	PTP_POOL pool = one_thread(&environment);
	int threads = 0;

	for (int i = 0; i < PIPES; i++) {
		lines[i].pipe = new_pipe();
		lines[i].io = new_io(lines[i].pipe.from, letter_read,
			&lines[i], &environment);
		listen_to(&lines[i]);
	}
	for (int i = 0; i < PIPES; i++)
		put(lines[i].pipe.to, &(char){ (char)('a' + i) }, 1);
	for (int i = 0; i < PIPES; i++) {
		WaitForThreadpoolIoCallbacks(lines[i].io, FALSE);
		putchar(lines[i].letter);
		threads += i == 0 || lines[i].thread != lines[0].thread;
		CloseThreadpoolIo(lines[i].io);
		CloseHandle(lines[i].pipe.from);
		CloseHandle(lines[i].pipe.to);
	}
	CloseThreadpool(pool);
	printf("\nthreads told of a letter: %d\n", threads);
	return 0;
}
