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
#include <sys/eventfd.h>
#include <unistd.h>
#include <uv.h>

#include "bench.h"
#include "machine.h"

struct request {
	uv_work_t work;			/* work.data is the item */
	struct request *link;		/* posted by it, or the next of these */
};

static uv_loop_t loops[BENCH_LANES];
static int loops_used;
static uv_loop_t loop;			/* of timers and waits */
static int loop_is_open;
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
	if (!loop_is_open)
		return;
	uv_run(&loop, UV_RUN_DEFAULT);		/* frees its handles */
	if (uv_loop_close(&loop) != 0)
		bench_fail("uv_loop_close failed");
}

/*
 * Timers and waits belong to a loop of their own, which runs their items
 * itself. A signal is an eventfd, the cheapest descriptor for that; a wait
 * is a uv_poll_t. Handles are freed when the loop has closed them.
 */

struct source {
	int descriptor;
	uv_poll_t *poll;		/* poll->data is the source */
	void *item;
};

static uv_async_t stop;			/* ends the turning of the loop */
static uv_thread_t turner;

static uv_loop_t *
open_loop(void)
{
	if (!loop_is_open && uv_loop_init(&loop) != 0)
		bench_fail("uv_loop_init failed");
	loop_is_open = 1;
	return &loop;
}

static void
free_handle(uv_handle_t *handle)
{
	free(handle);
}

static void
run_timer(uv_timer_t *timer)
{
	bench_item(timer->data);
}

long
peer_most_timers(void)
{
	return 1000000;
}

void *
peer_timer_new(void *item)
{
	uv_timer_t *timer = malloc(sizeof(*timer));

	if (timer == NULL || uv_timer_init(open_loop(), timer) != 0)
		bench_fail("uv_timer_init failed");
	timer->data = item;
	return timer;
}

/*
 * Its times are in ms: the next one that is not too early. It counts from the
 * time that the loop last looked at the clock; a program that keeps the loop
 * from turning is to have it look, so this one does now and then.
 */
void
peer_timer_set(void *timer, int64_t ns)
{
	static unsigned sets;

	if (++sets % 64 == 0)
		uv_update_time(&loop);
	if (uv_timer_start(timer, run_timer, (uint64_t)(ns + 999999) /
	    1000000, 0) != 0)
		bench_fail("uv_timer_start failed");
}

void
peer_timer_cancel(void *timer)
{
	uv_timer_stop(timer);
}

void
peer_timer_free(void *timer)
{
	uv_close(timer, free_handle);
}

long
peer_most_waits(void)
{
	return machine_descriptor_limit() - 100;
}

void *
peer_signal_new(void)
{
	struct source *source = malloc(sizeof(*source));

	if (source == NULL)
		bench_fail("no memory for a signal");
	source->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (source->descriptor < 0)
		bench_fail("eventfd failed");
	return source;
}

void
peer_signal(void *source)
{
	if (eventfd_write(((struct source *)source)->descriptor, 1) != 0)
		bench_fail("eventfd_write failed");
}

void
peer_signal_free(void *source)
{
	close(((struct source *)source)->descriptor);
	free(source);
}

static void
run_poll(uv_poll_t *poll, int status, int events)
{
	struct source *source = poll->data;
	eventfd_t count;

	(void)status;
	(void)events;
	if (eventfd_read(source->descriptor, &count) == 0)
		bench_item(source->item);
}

void *
peer_wait_new(void *source, void *item)
{
	struct source *s = source;

	s->item = item;
	s->poll = malloc(sizeof(*s->poll));
	if (s->poll == NULL || uv_poll_init(open_loop(), s->poll,
	    s->descriptor) != 0)
		bench_fail("uv_poll_init failed");
	s->poll->data = s;
	return s;
}

void
peer_wait_set(void *wait)
{
	if (uv_poll_start(((struct source *)wait)->poll, UV_READABLE,
	    run_poll) != 0)
		bench_fail("uv_poll_start failed");
}

void
peer_wait_unset(void *wait)
{
	uv_poll_stop(((struct source *)wait)->poll);
}

void
peer_wait_free(void *wait)
{
	uv_close((uv_handle_t *)((struct source *)wait)->poll, free_handle);
}

void
peer_loop_turn(void)
{
	uv_run(open_loop(), UV_RUN_NOWAIT);
}

static void
turn(void *unused)
{
	(void)unused;
	uv_run(&loop, UV_RUN_DEFAULT);
}

static void
end_loop(uv_async_t *async)
{
	uv_stop(async->loop);
}

void
peer_loop_start(void)
{
	if (uv_async_init(open_loop(), &stop, end_loop) != 0 ||
	    uv_thread_create(&turner, turn, NULL) != 0)
		bench_fail("cannot start a loop");
}

void
peer_loop_stop(void)
{
	uv_async_send(&stop);
	uv_thread_join(&turner);
	uv_close((uv_handle_t *)&stop, NULL);
}
