/* tries.c - tp_transfer, watched, held up and made to fail */
/* SPDX-License-Identifier: MIT */
/*
 * The system calls are those of ref/transfer.c, which is a part of this
 * file under another name. Around them this file looks who tries what, and
 * makes a try meet what it seldom meets: a thread that is slow, a system
 * that has nothing after all, a device that fails.
 */
#define tp_transfer transfer_for_real
#include "transfer.c"
#undef tp_transfer

#include "tries.h"

#define MOST_LINES 16
#define FRUITLESS 100

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Guarded by lock. */
static struct {
	const struct tp_file *file;
	bool writing, busy;
} lines[MOST_LINES];
static unsigned fruitless;		/* tries in a row that would block */
static struct gate *next_gate;
static unsigned next_blocks;
static DWORD next_error;
static void (*next_hook)(void);
static const OVERLAPPED *last;

void
tries_hold(struct gate *gate)
{
	pthread_mutex_lock(&lock);
	next_gate = gate;
	pthread_mutex_unlock(&lock);
}

void
tries_block(unsigned n)
{
	pthread_mutex_lock(&lock);
	next_blocks = n;
	pthread_mutex_unlock(&lock);
}

void
tries_fail(DWORD error)
{
	pthread_mutex_lock(&lock);
	next_error = error;
	pthread_mutex_unlock(&lock);
}

void
tries_then(void (*hook)(void))
{
	pthread_mutex_lock(&lock);
	next_hook = hook;
	pthread_mutex_unlock(&lock);
}

const OVERLAPPED *
tries_last(void)
{
	const OVERLAPPED *overlapped;

	pthread_mutex_lock(&lock);
	overlapped = last;
	pthread_mutex_unlock(&lock);
	return overlapped;
}

/* The place of a direction of a file that somebody tries, or a free one. */
static unsigned
line_of(const struct tp_request *request)
{
	bool writing = request->operation == TP_WRITE;
	unsigned place = MOST_LINES;

	for (unsigned i = 0; i < MOST_LINES; i++)
		if (lines[i].file == request->file &&
		    lines[i].writing == writing)
			return i;
		else if (lines[i].file == NULL)
			place = i;
	require(place < MOST_LINES, "the check itself has too many files");
	lines[place].file = request->file;
	lines[place].writing = writing;
	return place;
}

static unsigned
enter(const struct tp_request *request)
{
	unsigned line;

	pthread_mutex_lock(&lock);
	line = line_of(request);
	require(!lines[line].busy, "two threads tried requests of one "
		"direction of a file at the same time");
	lines[line].busy = true;
	last = request->completion.overlapped;
	pthread_mutex_unlock(&lock);
	return line;
}

static void
leave(unsigned line, DWORD error)
{
	pthread_mutex_lock(&lock);
	lines[line].busy = false;
	lines[line].file = NULL;
	fruitless = error == ERROR_IO_PENDING ? fruitless + 1 : 0;
	require(fruitless < FRUITLESS, "requests were tried %d times in a "
		"row, and it would have blocked each time", FRUITLESS);
	pthread_mutex_unlock(&lock);
}

/* True: this try makes no system call. */
static bool
take_result(DWORD *error)
{
	bool taken = true;

	pthread_mutex_lock(&lock);
	if (next_blocks > 0) {
		next_blocks--;
		*error = ERROR_IO_PENDING;
	} else if (next_error != NO_ERROR) {
		*error = next_error;
		next_error = NO_ERROR;
	} else {
		taken = false;
	}
	pthread_mutex_unlock(&lock);
	return taken;
}

static void
pause_there(DWORD error)
{
	void (*hook)(void) = NULL;
	struct gate *gate;

	pthread_mutex_lock(&lock);
	gate = next_gate;
	next_gate = NULL;
	if (error == ERROR_IO_PENDING) {
		hook = next_hook;
		next_hook = NULL;
	}
	pthread_mutex_unlock(&lock);
	if (hook != NULL)
		hook();
	if (gate != NULL)
		gate_wait(gate);
}

DWORD
tp_transfer(struct tp_request *request)
{
	unsigned line = enter(request);
	DWORD error;

	if (!take_result(&error))
		error = transfer_for_real(request);
	pause_there(error);
	leave(line, error);
	return error;
}
