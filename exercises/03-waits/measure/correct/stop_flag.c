/* stop_flag.c - right: threads that wait for their event alone, and a flag */
/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "measure.h"

const struct plan plan = {
	.count_count = 5, .counts = { 8, 32, 128, 256, 512 },
	.signals = 512,
	.rounds = 7
};

static void *
must(void *result)
{
	if (result == NULL)
		abort();
	return result;
}

/* All that wait, in either way. */
struct batch {
	unsigned count;
	HANDLE *events;

	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stopping;			/* guarded by lock */
	unsigned waiting;		/* guarded by lock */

	pthread_t *threads;
	PTP_WAIT *waits;
	PTP_POOL pool;
};

struct job {
	struct batch *batch;
	unsigned number;
};

static bool
goes_on(struct batch *batch)
{
	bool stopping;

	pthread_mutex_lock(&batch->lock);
	stopping = batch->stopping;
	pthread_mutex_unlock(&batch->lock);
	return !stopping;
}

static void *
wait_in_thread(void *argument)
{
	struct job job = *(struct job *)argument;
	struct batch *batch = job.batch;

	free(argument);
	pthread_mutex_lock(&batch->lock);
	batch->waiting++;
	pthread_cond_signal(&batch->changed);
	pthread_mutex_unlock(&batch->lock);
	while (WaitForSingleObject(batch->events[job.number], INFINITE) ==
	    WAIT_OBJECT_0 && goes_on(batch))
		told(batch->events[job.number]);
	return NULL;
}

static void
watch_with_threads(struct batch *batch)
{
	batch->threads = must(calloc(batch->count, sizeof(pthread_t)));
	for (unsigned i = 0; i < batch->count; i++) {
		struct job *job = must(malloc(sizeof(*job)));

		*job = (struct job){ batch, i };
		if (pthread_create(&batch->threads[i], NULL, wait_in_thread,
		    job) != 0)
			abort();
	}
	pthread_mutex_lock(&batch->lock);
	while (batch->waiting < batch->count)
		pthread_cond_wait(&batch->changed, &batch->lock);
	pthread_mutex_unlock(&batch->lock);
}

static void
unwatch_with_threads(struct batch *batch)
{
	pthread_mutex_lock(&batch->lock);
	batch->stopping = true;
	pthread_mutex_unlock(&batch->lock);
	for (unsigned i = 0; i < batch->count; i++)
		SetEvent(batch->events[i]);
	for (unsigned i = 0; i < batch->count; i++)
		pthread_join(batch->threads[i], NULL);
	free(batch->threads);
}

static VOID CALLBACK
signalled(PTP_CALLBACK_INSTANCE instance, PVOID event, PTP_WAIT wait,
	TP_WAIT_RESULT result)
{
	(void)instance;
	(void)result;
	told(event);
	SetThreadpoolWait(wait, event, NULL);
}

static void
watch_with_waits(struct batch *batch)
{
	TP_CALLBACK_ENVIRON environment;

	batch->pool = must(CreateThreadpool(NULL));
	SetThreadpoolThreadMaximum(batch->pool, 1);
	if (!SetThreadpoolThreadMinimum(batch->pool, 1))
		abort();
	InitializeThreadpoolEnvironment(&environment);
	SetThreadpoolCallbackPool(&environment, batch->pool);
	batch->waits = must(calloc(batch->count, sizeof(PTP_WAIT)));
	for (unsigned i = 0; i < batch->count; i++) {
		batch->waits[i] = must(CreateThreadpoolWait(signalled,
			batch->events[i], &environment));
		SetThreadpoolWait(batch->waits[i], batch->events[i], NULL);
	}
	DestroyThreadpoolEnvironment(&environment);
}

/* Nothing is signalled any more: after the first wait all are quiet. */
static void
unwatch_with_waits(struct batch *batch)
{
	for (unsigned i = 0; i < batch->count; i++) {
		WaitForThreadpoolWaitCallbacks(batch->waits[i], FALSE);
		CloseThreadpoolWait(batch->waits[i]);
	}
	free(batch->waits);
	CloseThreadpool(batch->pool);
}

struct sample
batch(enum way way, unsigned count, unsigned signals)
{
	struct batch batch = {
		.count = count, .lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER
	};
	struct sample sample;

	batch.events = must(calloc(count, sizeof(HANDLE)));
	for (unsigned i = 0; i < count; i++)
		batch.events[i] = must(CreateEvent(NULL, FALSE, FALSE, NULL));
	sample.before = totals();
	if (way == THREADS)
		watch_with_threads(&batch);
	else
		watch_with_waits(&batch);
	sample.waiting = totals();
	for (unsigned i = 0; i < signals; i++)
		ring(batch.events[i % count]);
	sample.after = totals();
	if (way == THREADS)
		unwatch_with_threads(&batch);
	else
		unwatch_with_waits(&batch);
	for (unsigned i = 0; i < count; i++)
		CloseHandle(batch.events[i]);
	free(batch.events);
	return sample;
}

const struct claims claims = {
	.figures = {
		[THREADS] = {
			{ 8, 1.518, 8324.00 },	/* 8 events */
			{ 32, 1.494, 8253.88 },	/* 32 events */
			{ 128, 1.551, 8207.47 },	/* 128 events */
			{ 256, 1.459, 8200.23 },	/* 256 events */
			{ 512, 1.520, 8196.37 }	/* 512 events */
		},
		[POOL] = {
			{ 2, 0.787, 2048.00 },	/* 8 events */
			{ 2, 0.799, 512.00 },	/* 32 events */
			{ 2, 0.799, 128.00 },	/* 128 events */
			{ 2, 0.816, 64.39 },	/* 256 events */
			{ 2, 0.848, 32.26 }	/* 512 events */
		}
	},
	.threads = { [THREADS] = ONE_FOR_EACH, [POOL] = NOT_AT_ALL },
	.wakes_of_the_pool = LESS,
	.memory_of_the_pool = LESS
};
