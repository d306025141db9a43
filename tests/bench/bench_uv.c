/*
 * bench_uv.c - libuv: uv_queue_work and the global thread pool
 * SPDX-License-Identifier: MIT
 *
 * A request belongs to an event loop; only the loop's own thread may post
 * it, and it ends with a second callback on that thread, which frees it.
 * So each lane has a loop, and a lane is finished when its loop has nothing
 * more to do. An item cannot post from a pool thread: what it wants posted
 * is hung on its request, and the second callback posts it.
 *
 * A request has a free pointer for the item, so the cheapest use is one
 * allocation per item: the request and the link for what it posts.
 */

#include <stdlib.h>
#include <uv.h>

#include "bench.h"

struct request {
	uv_work_t work;			/* work.data is the item */
	struct request *link;		/* posted by it, or the next of these */
};

static uv_loop_t loops[BENCH_LANES];
static int loops_used;
static _Thread_local struct request *current;	/* runs on this thread */

static struct request *
new_request(void *item)
{
	struct request *request = malloc(sizeof(*request));

	if (request == NULL)
		bench_fail("no memory for a request");
	request->work.data = item;
	request->link = NULL;
	return request;
}

static void
run(uv_work_t *work)
{
	current = (struct request *)work;
	bench_item(work->data);
}

static void
after(uv_work_t *work, int status)
{
	struct request *request = (struct request *)work;
	struct request *next;

	(void)status;
	for (struct request *r = request->link; r; r = next) {
		next = r->link;
		r->link = NULL;
		if (uv_queue_work(work->loop, &r->work, run, after) != 0)
			bench_fail("uv_queue_work failed");
	}
	free(request);
}

int
peer_open(int lanes, int workers)
{
	if (workers == 1 && uv_os_setenv("UV_THREADPOOL_SIZE", "1") != 0)
		bench_fail("uv_os_setenv failed");
	for (loops_used = 0; loops_used < lanes; loops_used++)
		if (uv_loop_init(&loops[loops_used]) != 0)
			bench_fail("uv_loop_init failed");
	return 1;
}

void
peer_post(int lane, void *item)
{
	struct request *request = new_request(item);

	if (lane == BENCH_CALLBACK) {
		request->link = current->link;
		current->link = request;
	} else if (uv_queue_work(&loops[lane], &request->work, run, after)
	    != 0) {
		bench_fail("uv_queue_work failed");
	}
}

int
peer_prepare(void *item)
{
	(void)item;
	return 0;
}

void
peer_repost(int lane)
{
	(void)lane;
}

void
peer_finish(int lane)
{
	uv_run(&loops[lane], UV_RUN_DEFAULT);
}

void
peer_sleep(unsigned ms)
{
	bench_sleep(ms);
}

void
peer_close(void)
{
	while (loops_used > 0)
		if (uv_loop_close(&loops[--loops_used]) != 0)
			bench_fail("uv_loop_close failed");
}
