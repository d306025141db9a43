/* SPDX-License-Identifier: MIT */
/*
 * slices.c - a long job, in one piece if the pool can spare the thread
 *
 * An index of four pages is built, and meanwhile somebody presses a key. The
 * event next is what the first page waits for: with one thread, until the
 * key is pressed; with two, until it is answered.
 */
#include "must.h"

enum { PAGES = 4 };

struct index {
	HANDLE next;
	int pages, callbacks;	/* of one callback at a time */
};

static HANDLE begun, answered;

static void
add_page(struct index *index)
{
	if (index->pages == 0) {
		SetEvent(begun);
		await(index->next);
	}
	Sleep(20);
	index->pages++;
}

static VOID CALLBACK
build(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct index *index = context;
	BOOL in_one_piece = CallbackMayRunLong(instance);

	index->callbacks++;
	do
		add_page(index);
	while (in_one_piece && index->pages < PAGES);
	if (index->pages < PAGES)
		SubmitThreadpoolWork(work);
}

static VOID CALLBACK
answer_key(PTP_CALLBACK_INSTANCE instance, PVOID unused, PTP_WORK work)
{
	(void)instance, (void)unused, (void)work;
	SetEvent(answered);
}

/* Builds an index in a pool of so many threads. */
static void
try_with(DWORD threads)
{
	TP_CALLBACK_ENVIRON environment;
	PTP_POOL pool = CreateThreadpool(NULL);
	HANDLE pressed = new_event();
	struct index index = { threads == 1 ? pressed : answered, 0, 0 };
	PTP_WORK builder, key;

	must(pool != NULL, "CreateThreadpool");
	SetThreadpoolThreadMaximum(pool, threads);
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, pool);
	builder = new_work(build, &index, &environment);
	key = new_work(answer_key, NULL, &environment);
	SubmitThreadpoolWork(builder);
	await(begun);
	SubmitThreadpoolWork(key);
	SetEvent(pressed);
	finish(builder);
	finish(key);
	CloseThreadpool(pool);
	printf("maximum %d: %d pages, callbacks: %d\n", (int)threads,
		index.pages, index.callbacks);
}

int
main(void)
{
	begun = new_event();
	answered = new_event();
	try_with(1);
	ResetEvent(answered);
	try_with(2);
	return 0;
}
