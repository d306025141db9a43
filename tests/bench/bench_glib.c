/*
 * bench_glib.c - GLib: GThreadPool
 * SPDX-License-Identifier: MIT
 *
 * A GThreadPool has one function for all its items and takes a pointer for
 * each, which is all that is needed here; the node of its queue is GLib's
 * own. The same pointer may be pushed twice, but that is two items with two
 * nodes, not one object: there is nothing prepared to measure. The usual
 * size, which GLib leaves to the caller, is the number of processors.
 */

#include <glib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bench.h"
#include "machine.h"

static GThreadPool *pool;

static void
run(gpointer item, gpointer unused)
{
	(void)unused;
	bench_item(item);
}

int
peer_open(int lanes, int workers)
{
	int size = workers ? workers : (int)g_get_num_processors();

	(void)lanes;
	pool = g_thread_pool_new(run, NULL, size, FALSE, NULL);
	if (pool == NULL)
		bench_fail("g_thread_pool_new failed");
	return size;
}

void
peer_post(int lane, void *item)
{
	(void)lane;
	if (!g_thread_pool_push(pool, item, NULL))
		bench_fail("g_thread_pool_push failed");
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
	(void)lane;
}

void
peer_sleep(unsigned ms)
{
	bench_sleep(ms);
}

void
peer_close(void)
{
	g_thread_pool_free(pool, FALSE, TRUE);
}

/*
 * Timers and waits are sources of a main context of their own, which runs
 * their items itself. A timer is a source with a ready time, which is what
 * GLib's own timeouts are made of, and can be set again; a wait watches a
 * descriptor, an eventfd. The context looks at each of its sources in every
 * turn, so there are not as many waits.
 */

struct source {
	GSource source;			/* first: GLib allocates the whole */
	void *item;
	int descriptor;
	gpointer tag;			/* of the watched descriptor, or NULL */
};

static GMainContext *context;
static GMainLoop *loop;
static GThread *turner;

static gboolean
run_source(GSource *source, GSourceFunc unused, gpointer data)
{
	struct source *s = (struct source *)source;
	eventfd_t count;

	(void)unused;
	(void)data;
	if (s->descriptor < 0)
		g_source_set_ready_time(source, -1);
	else if (eventfd_read(s->descriptor, &count) != 0)
		return G_SOURCE_CONTINUE;
	bench_item(s->item);
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs functions = { .dispatch = run_source };

static struct source *
new_source(int descriptor, void *item)
{
	GSource *source = g_source_new(&functions, sizeof(struct source));
	struct source *s = (struct source *)source;

	if (context == NULL)
		context = g_main_context_new();
	s->item = item;
	s->descriptor = descriptor;
	s->tag = NULL;
	g_source_attach(source, context);
	return s;
}

static void
free_source(void *source)
{
	g_source_destroy(source);
	g_source_unref(source);
}

long
peer_most_timers(void)
{
	return 1000000;
}

void *
peer_timer_new(void *item)
{
	return new_source(-1, item);
}

/* Its times are in us: the next one that is not too early. */
void
peer_timer_set(void *timer, int64_t ns)
{
	g_source_set_ready_time(timer, g_get_monotonic_time() +
	    (ns + 999) / 1000 + 1);
}

void
peer_timer_cancel(void *timer)
{
	g_source_set_ready_time(timer, -1);
}

void
peer_timer_free(void *timer)
{
	free_source(timer);
}

long
peer_most_waits(void)
{
	return machine_descriptor_limit() > 10100 ? 10000 : 0;
}

void *
peer_signal_new(void)
{
	int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (descriptor < 0)
		bench_fail("eventfd failed");
	return GINT_TO_POINTER(descriptor);
}

void
peer_signal(void *source)
{
	if (eventfd_write(GPOINTER_TO_INT(source), 1) != 0)
		bench_fail("eventfd_write failed");
}

void
peer_signal_free(void *source)
{
	close(GPOINTER_TO_INT(source));
}

void *
peer_wait_new(void *source, void *item)
{
	return new_source(GPOINTER_TO_INT(source), item);
}

void
peer_wait_set(void *wait)
{
	struct source *s = wait;

	if (s->tag)
		g_source_modify_unix_fd(wait, s->tag, G_IO_IN);
	else
		s->tag = g_source_add_unix_fd(wait, s->descriptor, G_IO_IN);
}

void
peer_wait_unset(void *wait)
{
	g_source_modify_unix_fd(wait, ((struct source *)wait)->tag, 0);
}

void
peer_wait_free(void *wait)
{
	free_source(wait);
}

void
peer_loop_turn(void)
{
	if (context)
		g_main_context_iteration(context, FALSE);
}

static gpointer
turn(gpointer unused)
{
	(void)unused;
	g_main_loop_run(loop);
	return NULL;
}

void
peer_loop_start(void)
{
	loop = g_main_loop_new(context, FALSE);
	turner = g_thread_new("loop", turn, NULL);
}

void
peer_loop_stop(void)
{
	while (!g_main_loop_is_running(loop))	/* or it would miss this */
		machine_yield();
	g_main_loop_quit(loop);
	g_thread_join(turner);
	g_main_loop_unref(loop);
}
