/* one_makes_all.c - right: one thread makes all, and is told of ends */
/* SPDX-License-Identifier: MIT */
#include <semaphore.h>
#include <pthread.h>
#include <string.h>

#include "measure.h"

const struct figures predicted[EXPERIMENTS] = {
	{ 100.00, 10.000, 0.000, 1.000 },
	{ 200.00, 10.000, 0.000, 2.000 },
	{ 400.00, 10.000, 0.000, 4.000 },
	{ 400.00, 15.000, 5.000, 6.000 },
	{ 400.00, 20.000, 10.000, 8.000 },
	{ 400.00, 40.000, 30.000, 16.000 },
	{ 400.00, 40.000, 30.000, 16.000 }
};

static struct request requests[MOST];
static sem_t room;		/* one for each request that may be made */
static sem_t over;		/* one for each that has ended */
static struct record *record;	/* an entry is one thread's at a time */

/* The entry, complete but for the end, is in the record before start. */
static bool
make(unsigned number)
{
	struct entry *entry = &record->entries[number];

	requests[number].number = number;
	entry->made = entry->begun = entry->ended = now();
	if (start(&requests[number]))
		return true;
	entry->refused = true;
	return false;
}

void
ended(struct request *request)
{
	struct entry *entry = &record->entries[request->number];

	entry->ended = now();
	entry->begun = request->begun;
	(void)sem_post(&room);
	(void)sem_post(&over);
}

static void
await(sem_t *semaphore)
{
	while (sem_wait(semaphore) != 0)
		;			/* a signal */
}

void
measure(const struct experiment *experiment, struct record *result)
{
	unsigned accepted = 0;

	record = result;
	record->count = 0;
	memset(requests, 0, sizeof(requests));
	(void)sem_init(&room, 0, experiment->in_flight);
	(void)sem_init(&over, 0, 0);
	while (accepted < experiment->requests) {
		await(&room);
		while (!make(record->count++))
			;
		accepted++;
	}
	for (unsigned i = 0; i < accepted; i++)
		await(&over);
	(void)sem_destroy(&room);
	(void)sem_destroy(&over);
}

const struct figures measured[EXPERIMENTS] = {
	{ 91.47, 10.922, 0.009, 0.999 },
	{ 176.30, 11.332, 0.012, 1.998 },
	{ 376.03, 10.906, 0.057, 3.996 },
	{ 383.58, 15.453, 5.031, 5.996 },
	{ 379.43, 20.325, 10.062, 7.921 },
	{ 295.33, 53.537, 39.998, 15.997 },
	{ 316.99, 50.703, 38.089, 15.997 }
};

const bool law_holds[EXPERIMENTS] = {
	true, true, true, true, true, true, true
};

const struct conclusions conclusions = {
	.limit = { BY_REQUESTS, BY_REQUESTS, BY_LANES, BY_LANES, BY_LANES,
		BY_LANES, BY_LANES },
	.enough = 4,
	.up_to_it = MORE_THROUGHPUT,
	.beyond_it = MORE_WAITING
};
