/* SPDX-License-Identifier: MIT */
/*
 * lost_wakeup.c - a worker that drops the lock between its look and its sleep
 *
 * The chapter's table of the wrong order, forced by gates. The worker here
 * is broken on purpose; its queue is a mere counter, and the pool of
 * first_pool.c is not used.
 */
#include "stage.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int queued;		/* items; guarded by lock */
static bool asleep;		/* the worker; guarded by lock */

static struct gate has_looked = GATE_SHUT;	/* the worker saw 0 items */
static struct gate submitted = GATE_SHUT;	/* now there is 1 */
static struct gate has_lock = GATE_SHUT;	/* and yet it will sleep */

static bool
queue_is_empty(void)
{
	pthread_mutex_lock(&lock);
	bool empty = queued == 0;
	pthread_mutex_unlock(&lock);
	return empty;
}

static void *
broken_worker(void *argument)
{
	(void)argument;
	if (queue_is_empty()) {			/* decides here, ... */
		gate_open(&has_looked);
		gate_wait(&submitted);
		pthread_mutex_lock(&lock);
		gate_open(&has_lock);
		asleep = true;
		pthread_cond_wait(&changed, &lock);	/* sleeps here */
		asleep = false;
		pthread_mutex_unlock(&lock);
	}
	pthread_mutex_lock(&lock);
	queued--;
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void
submit(void)
{
	pthread_mutex_lock(&lock);
	queued++;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
}

/* Once has_lock is open, whoever gets the lock knows that the worker has
 * given it up, which it does only by sleeping in pthread_cond_wait. */
static void
report(const char *when)
{
	pthread_mutex_lock(&lock);
	printf("%s: items queued %d, worker asleep: %s\n", when, queued,
	    asleep ? "yes" : "no");
	pthread_mutex_unlock(&lock);
}

int
main(void)
{
	pthread_t worker;

	must(pthread_create(&worker, NULL, broken_worker, NULL));
	gate_wait(&has_looked);
	submit();
	gate_open(&submitted);
	gate_wait(&has_lock);
	report("after the submit");
	pthread_cond_signal(&changed);		/* the emergency exit */
	must(pthread_join(worker, NULL));
	report("after one more signal");
	return 0;
}
