/* each_makes_the_next.c - right: whoever hears of an end makes the next */
/* SPDX-License-Identifier: MIT */
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

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_ended = PTHREAD_COND_INITIALIZER;

/* Guarded by lock. */
static struct record *record;
static struct request requests[MOST];
static unsigned to_make, to_end;

/* Takes a number; false: there is nothing more to be made. */
static bool
begin(struct request **request)
{
	bool more;

	pthread_mutex_lock(&lock);
	more = to_make > 0;
	if (more) {
		struct entry *entry = &record->entries[record->count];

		*request = &requests[record->count];
		(*request)->number = record->count++;
		to_make--;
		entry->made = entry->begun = entry->ended = now();
	}
	pthread_mutex_unlock(&lock);
	return more;
}

static void
refuse(unsigned number)
{
	pthread_mutex_lock(&lock);
	record->entries[number].refused = true;
	to_make++;
	pthread_mutex_unlock(&lock);
}

/* Makes requests until one is accepted. */
static void
make_one(void)
{
	struct request *request;

	while (begin(&request)) {
		unsigned number = request->number;

		if (start(request))
			return;
		refuse(number);
	}
}

void
ended(struct request *request)
{
	int64_t time = now();
	struct entry *entry;

	pthread_mutex_lock(&lock);
	entry = &record->entries[request->number];
	entry->begun = request->begun;
	entry->ended = time;
	pthread_mutex_unlock(&lock);
	make_one();
	pthread_mutex_lock(&lock);
	if (--to_end == 0)
		pthread_cond_signal(&all_ended);
	pthread_mutex_unlock(&lock);
}

void
measure(const struct experiment *experiment, struct record *result)
{
	pthread_mutex_lock(&lock);
	memset(requests, 0, sizeof(requests));
	record = result;
	record->count = 0;
	to_make = to_end = experiment->requests;
	pthread_mutex_unlock(&lock);
	for (unsigned i = 0; i < experiment->in_flight; i++)
		make_one();
	pthread_mutex_lock(&lock);
	while (to_end > 0)
		pthread_cond_wait(&all_ended, &lock);
	pthread_mutex_unlock(&lock);
}

const struct figures measured[EXPERIMENTS] = {
	{ 75.29, 13.281, 0.006, 1.000 },
	{ 176.04, 11.324, 0.005, 2.000 },
	{ 333.36, 11.999, 0.000, 4.000 },
	{ 395.93, 15.173, 5.052, 6.000 },
	{ 321.92, 24.850, 12.425, 8.000 },
	{ 389.52, 40.819, 30.602, 16.000 },
	{ 387.13, 41.602, 31.283, 16.000 }
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
