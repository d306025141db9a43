/* SPDX-License-Identifier: MIT */
/*
 * wait_for_one.c - the first breakage: one item cannot be waited for, nor
 * taken back
 *
 * One worker; three items: a report, a long backup, a thumbnail. The
 * program wants to wait for the report, and then no longer wants the
 * thumbnail. The pool's only wait is destroy.
 */
#include "stage.h"

static struct gate backup_runs = GATE_SHUT;
static struct gate backup_may_end = GATE_SHUT;
static struct gate window_closed = GATE_SHUT;
static struct gate wait_is_over = GATE_SHUT;

static void
report(void *argument)
{
	(void)argument;
	puts("report: done");
}

static void
backup(void *argument)
{
	(void)argument;
	gate_open(&backup_runs);
	gate_wait(&backup_may_end);
	puts("backup: done");
}

static void
thumbnail(void *argument)
{
	(void)argument;
	printf("thumbnail: drawn, for a window that is %s\n",
	    gate_is_open(&window_closed) ? "closed" : "open");
}

static void *
wait_for_the_report(void *argument)
{
	first_pool_destroy(argument);	/* there is nothing else to call */
	gate_open(&wait_is_over);
	return NULL;
}

int
main(void)
{
	struct first_pool pool;
	pthread_t waiter;

	must(first_pool_init(&pool, 1));
	must(first_pool_submit(&pool, report, NULL));
	must(first_pool_submit(&pool, backup, NULL));
	must(first_pool_submit(&pool, thumbnail, NULL));
	gate_wait(&backup_runs);	/* so the report has returned */
	must(pthread_create(&waiter, NULL, wait_for_the_report, &pool));
	await_destroy(&pool);
	printf("main: is the wait for the report over? %s\n",
	    gate_is_open(&wait_is_over) ? "yes" : "no");
	gate_open(&window_closed);
	puts("main: window closed, its thumbnail still queued");
	gate_open(&backup_may_end);
	must(pthread_join(waiter, NULL));
	puts("main: the wait is over, and the pool is gone");
	return 0;
}
