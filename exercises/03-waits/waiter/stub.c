/* waiter.c - wait objects over waiter threads */
/* SPDX-License-Identifier: MIT */
/*
 * TODO: write the five functions that waiter.h promises. Begin with one
 * waiter thread, which sleeps in WaitForMultipleObjects over its control
 * event and the handles of its wait objects, and with wait_set without a
 * time-out. Then let wait_set return only when it keeps its promise.
 */
#include "waiter.h"

struct waits *
waits_open(void)
{
	return NULL;			/* TODO */
}

void
waits_close(struct waits *waits)
{
	(void)waits;			/* TODO */
}

struct wait *
wait_create(struct waits *waits, wait_callback callback, void *context)
{
	(void)waits;			/* TODO */
	(void)callback;
	(void)context;
	return NULL;
}

void
wait_set(struct wait *wait, HANDLE handle, DWORD milliseconds)
{
	(void)wait;			/* TODO */
	(void)handle;
	(void)milliseconds;
}

void
wait_close(struct wait *wait)
{
	(void)wait;			/* TODO */
}
