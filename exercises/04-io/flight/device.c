/* device.c - a device that does several requests at once, and takes its time */
/* SPDX-License-Identifier: MIT */
/*
 * Each lane is a thread, which stands for hardware: it takes the oldest
 * request, sleeps as long as the device needs for one, and says that it has
 * ended. What finds no free lane waits in a queue without bounds.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "device.h"

#define MOST_LANES 8

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

/* Guarded by lock. */
static struct request *first, **last;
static unsigned made;			/* by start, refused or not */
static bool closing;

/* Read-only while it is open. */
static const struct experiment *current;
static pthread_t lanes[MOST_LANES];

bool
start(struct request *request)
{
	bool refused;

	pthread_mutex_lock(&lock);
	made++;
	refused = current->refuses != 0 && made % current->refuses == 0;
	saw_start(request, refused);
	if (!refused) {
		request->next = NULL;
		*last = request;
		last = &request->next;
		pthread_cond_signal(&changed);
	}
	pthread_mutex_unlock(&lock);
	return !refused;
}

/* The oldest request; NULL: there will be none. */
static struct request *
take(void)
{
	struct request *request;

	pthread_mutex_lock(&lock);
	while (first == NULL && !closing)
		pthread_cond_wait(&changed, &lock);
	request = first;
	if (request != NULL)
		first = request->next;
	if (first == NULL)
		last = &first;
	pthread_mutex_unlock(&lock);
	return request;
}

static void *
run_lane(void *unused)
{
	const struct timespec length = { .tv_nsec =
		(long)current->length * 1000000 };
	struct request *request;

	while ((request = take()) != NULL) {
		request->begun = now();
		nanosleep(&length, NULL);
		saw_end(request);
		ended(request);
	}
	return unused;
}

void
device_open(const struct experiment *experiment)
{
	current = experiment;
	first = NULL;
	last = &first;
	made = 0;
	closing = false;
	for (unsigned i = 0; i < experiment->lanes; i++)
		if (pthread_create(&lanes[i], NULL, run_lane, NULL) != 0)
			abort();
}

void
device_close(void)
{
	pthread_mutex_lock(&lock);
	closing = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	for (unsigned i = 0; i < current->lanes; i++)
		pthread_join(lanes[i], NULL);
}
