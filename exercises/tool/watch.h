/* watch.h - what the wrapped functions tell the rest of the checks' program */
/* SPDX-License-Identifier: MIT */
#ifndef WATCH_H
#define WATCH_H

#include <stdio.h>

/* What a process has that a check could leave behind. */
struct watch_state {
	long threads;
	long allocations;
	long descriptors;
};

void watch_state(struct watch_state *state);

/*
 * Returns when no more threads and allocations are left than in *before;
 * calls report whenever it goes to sleep because there are.
 */
void watch_settle(const struct watch_state *before,
	void (*report)(const struct watch_state *now));

/* The functions behind the wrapped ones, for the checks' own use. */
int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __real_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __real_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex);
int __real_pthread_cond_broadcast(pthread_cond_t *cond);
int __real_pthread_join(pthread_t thread, void **result);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
	void *(*body)(void *), void *argument);

#endif /* WATCH_H */
