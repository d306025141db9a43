/* disk_threads.c - threads that wait for the disk */
/* SPDX-License-Identifier: MIT */
/*
 * The pool has all that is needed: a queue, threads that come when there is
 * something to do and leave when there is not, and a limit. So these threads
 * are the workers of a pool of the engine's own, and a request is one post
 * of its one object. No application code runs there.
 *
 * A worker tells its pool that it blocks while it reads, so that another one
 * takes its place: the processors are no reason for fewer threads than the
 * maximum. More would not help one disk, and only take memory.
 *
 * A request that is cancelled in time is not carried out: the worker whose
 * turn it is says so. One that a worker has begun ends as if nothing had
 * happened, which CancelIoEx allows (KOBJ-22).
 *
 * Interface: tp_disk_threads.
 *
 * Locks: the lock of that pool guards the line of requests, as it guards
 * the posts; above it, tp_waitable_lock.
 */
#include "disk.h"
#include "pool.h"

#define MAXIMUM	8			/* threads */

static TP_POOL pool;
static struct tp_object carrier;	/* each post of it: one request */

/* Guarded by pool.lock. */
static struct tp_list line = TP_LIST_INIT(line);

/* See struct tp_ops: these three. */
static void
claim(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	struct tp_list *node = tp_list_first(&line);

	(void)object;
	tp_assert_held(&pool.lock);
	tp_list_remove(node);
	instance->claimed[0] = (ULONG_PTR)tp_container(node,
		struct tp_request, queue);
}

static DWORD
carry_out(struct tp_request *request)
{
	bool cancelled;
	DWORD error;

	tp_lock(&tp_waitable_lock);
	cancelled = request->cancelled;
	tp_unlock(&tp_waitable_lock);
	if (cancelled)
		return ERROR_OPERATION_ABORTED;
	tp_blocking_begin();
	error = tp_transfer(request);
	tp_blocking_end();
	return error;
}

static void
run(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	struct tp_request *request =
		(struct tp_request *)instance->claimed[0];
	DWORD error = carry_out(request);

	(void)object;
	tp_lock(&tp_waitable_lock);
	tp_request_end_locked(request, error);
	tp_waitable_unlock();
}

static const struct tp_ops carrier_ops = {
	.kind = "transfer", .run = run, .claim = claim
};

/* See struct tp_disk_back_end. It is called again if it has failed. */
static DWORD
open_threads(void)
{
	TP_CALLBACK_ENVIRON environ;
	DWORD error;

	if (pool.worker_name == NULL) {
		tp_pool_init(&pool, "tp-io",
			(struct tp_label){ "I/O pool", TP_ONLY_ONE });
		tp_register(&pool.registered, &pool, "pool");
		tp_pool_set_maximum(&pool, MAXIMUM);
	}
	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackPool(&environ, &pool);
	error = tp_object_init(&carrier, &carrier_ops, NULL, &environ);
	if (error == 0)
		tp_object_open_unnamed(&carrier, NULL);
	return error;
}

static void
submit(struct tp_request *request)
{
	tp_lock(&pool.lock);
	tp_list_append(&line, &request->queue);
	tp_unlock(&pool.lock);
	tp_object_post_locked(&carrier, NULL);
}

static void
cancel(struct tp_request *request)
{
	(void)request;		/* it is looked at when its turn comes */
}

const struct tp_disk_back_end tp_disk_threads = {
	"threads", open_threads, submit, cancel
};
