/* SPDX-License-Identifier: MIT */
/*
 * test_pool_load.c - many pools, and limits that change under load
 *
 * A thousand pools are made, used in every way, and closed: threads, memory
 * and descriptors are as they were before. And while posts come from several
 * threads, the limits of their pool go up and down: none of the posts is
 * lost, and never do more callbacks run than the highest maximum allows.
 *
 * Load tests: the explorer has the same promises in its scenarios.
 */
#include <sched.h>

#include "crowd.h"

/* ---- A thousand pools ---- */

static void
leave_unused(struct private_pool *private, struct tally *runs)
{
	(void)runs;
	private_pool_close(private);
}

static void
have_threads(struct private_pool *private, struct tally *runs)
{
	(void)runs;
	ck_assert(SetThreadpoolThreadMinimum(private->pool, 3));
	private_pool_close(private);
}

static void
work_and_finish(struct private_pool *private, struct tally *runs)
{
	PTP_WORK work = work_in(private, count_work, runs);

	submit(work, 5);
	finish(work);
	private_pool_close(private);
}

static void
close_in_the_middle(struct private_pool *private, struct tally *runs)
{
	PTP_WORK work = work_in(private, count_work, runs);

	submit(work, 3);
	private_pool_close(private);
	CloseThreadpoolWork(work);
}

static void
leave_it_to_the_callbacks(struct private_pool *private, struct tally *runs)
{
	SetThreadpoolCallbackPersistent(&private->environ);
	for (int i = 0; i < 4; i++)
		ck_assert(TrySubmitThreadpoolCallback(count_simple, runs,
			&private->environ));
	private_pool_close(private);
}

static VOID CALLBACK
count_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
	(void)instance;
	(void)timer;
	tally_add(context);
}

static void
close_before_its_timer(struct private_pool *private, struct tally *runs)
{
	PTP_TIMER timer = CreateThreadpoolTimer(count_timer, runs,
		&private->environ);
	FILETIME now = { 0, 0 };

	SetThreadpoolTimer(timer, &now, 0, 0);
	private_pool_close(private);
	WaitForThreadpoolTimerCallbacks(timer, FALSE);
	CloseThreadpoolTimer(timer);
}

static const struct {
	void (*lead)(struct private_pool *private, struct tally *runs);
	unsigned runs;
} lives[] = {
	{ leave_unused, 0 }, { have_threads, 0 }, { work_and_finish, 5 },
	{ close_in_the_middle, 3 }, { leave_it_to_the_callbacks, 4 },
	{ close_before_its_timer, 1 }
};

#define LIVES	(sizeof(lives) / sizeof(*lives))

struct before {
	unsigned long threads, allocations;
	unsigned descriptors;
};

static bool
as_before(void *argument)
{
	struct before *before = argument;

	return live_threads() == before->threads &&
		live_allocations() == before->allocations &&
		open_descriptors() == before->descriptors;
}

START_TEST(a_thousand_pools_come_and_go_without_a_leak)
{	/* POOL-19, POOL-20, POOL-38, port-defined */
	struct tally runs = TALLY_INIT;
	unsigned long expected = 0;
	struct before before;

	ck_assert_uint_eq(tp_dispatcher_start(), 0);	/* it stays */
	before = (struct before){ live_threads(), live_allocations(),
		open_descriptors() };
	for (unsigned i = 0; i < 1000; i++) {
		struct private_pool private;

		private_pool_open(&private, i % 2, 4);
		lives[i % LIVES].lead(&private, &runs);
		expected += lives[i % LIVES].runs;
		if (i % 100 == 99)
			await(as_before, &before);
	}
	tally_await(&runs, expected);
	await(as_before, &before);
	ck_assert_uint_eq(tally_read(&runs), expected);
}
END_TEST

/* ---- Many at once ---- */

#define MANY	100

/* One work object, and the one thread that runs it. */
struct household {
	struct private_pool private;
	PTP_WORK work;
	DWORD thread;
	unsigned runs;
};

static VOID CALLBACK
run_at_home(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct household *household = context;
	DWORD thread = GetCurrentThreadId();

	(void)instance;
	(void)work;
	if (household->runs++ == 0)
		household->thread = thread;
	ck_assert_uint_eq(household->thread, thread);
}

START_TEST(a_hundred_pools_at_once_keep_apart)
{	/* POOL-15, POOL-17 */
	static struct household households[MANY];

	for (int i = 0; i < MANY; i++) {
		private_pool_open(&households[i].private, 1, 1);
		households[i].work = work_in(&households[i].private,
			run_at_home, &households[i]);
	}
	for (int i = 0; i < 10 * MANY; i++)
		submit(households[i % MANY].work, 2);
	for (int i = 0; i < MANY; i++) {
		finish(households[i].work);
		private_pool_close(&households[i].private);
		ck_assert_uint_eq(households[i].runs, 20);
		for (int j = 0; j < i; j++)
			ck_assert_uint_ne(households[i].thread,
				households[j].thread);
	}
}
END_TEST

/* ---- Limits under load ---- */

#define POSTERS	3
#define POSTS	3000	/* of each */

struct load {
	struct private_pool private;
	PTP_WORK work, blocking;
	pthread_mutex_t mutex;
	unsigned inside, most;		/* guarded by mutex */
	unsigned long runs;		/* the same */
	HANDLE event;			/* signalled */
};

static void
go_in(struct load *load)
{
	pthread_mutex_lock(&load->mutex);
	if (++load->inside > load->most)
		load->most = load->inside;
	load->runs++;
	pthread_mutex_unlock(&load->mutex);
}

static void
go_out(struct load *load)
{
	pthread_mutex_lock(&load->mutex);
	load->inside--;
	pthread_mutex_unlock(&load->mutex);
}

static VOID CALLBACK
compute(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)work;
	go_in(context);
	sched_yield();
	go_out(context);
}

/* Blocks in the pool's sight, if for a moment only. */
static VOID CALLBACK
block_briefly(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct load *load = context;

	(void)instance;
	(void)work;
	go_in(load);
	WaitForSingleObject(load->event, INFINITE);
	Sleep(0);
	go_out(load);
}

static void *
post(void *argument)
{
	struct load *load = argument;

	for (int i = 0; i < POSTS; i++)
		submit(i % 8 == 0 ? load->blocking : load->work, 1);
	return NULL;
}

static void
change_limits(struct load *load, DWORD maximum)
{
	PTP_POOL pool = load->private.pool;

	SetThreadpoolThreadMaximum(pool, maximum);
	ck_assert(SetThreadpoolThreadMinimum(pool, maximum / 2));
	ck_assert_uint_ge(workers(pool), maximum / 2);
}

START_TEST(limits_that_change_under_load_hold_and_lose_nothing)
{	/* POOL-06, POOL-08, POOL-11, POOL-12, POOL-16, port-defined */
	struct load load = { .mutex = PTHREAD_MUTEX_INITIALIZER };
	pthread_t posters[POSTERS];

	setenv("TP_IDLE_MS", "1", 1);
	setenv("TP_STALL_MS", "1", 1);
	load.event = CreateEventA(NULL, TRUE, TRUE, NULL);
	private_pool_open(&load.private, 0, 1);
	load.work = work_in(&load.private, compute, &load);
	load.blocking = work_in(&load.private, block_briefly, &load);
	for (int i = 0; i < POSTERS; i++)
		ck_assert_int_eq(pthread_create(&posters[i], NULL, post,
			&load), 0);
	for (DWORD i = 0; i < 2000; i++)
		change_limits(&load, 1 + i % 5);
	SetThreadpoolThreadMaximum(load.private.pool, 3);
	for (int i = 0; i < POSTERS; i++)
		pthread_join(posters[i], NULL);
	WaitForThreadpoolWorkCallbacks(load.work, FALSE);
	WaitForThreadpoolWorkCallbacks(load.blocking, FALSE);
	ck_assert_uint_eq(load.runs, POSTERS * POSTS);
	ck_assert_uint_le(load.most, 5);
	/* From now on it is three. */
	load.most = 0;
	submit(load.work, 100);
	submit(load.blocking, 100);
	finish(load.work);
	finish(load.blocking);
	ck_assert_uint_le(load.most, 3);
	private_pool_close(&load.private);
	CloseHandle(load.event);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("pool_load");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(large, a_thousand_pools_come_and_go_without_a_leak);
	tcase_add_test(large, a_hundred_pools_at_once_keep_apart);
	tcase_add_test(large,
		limits_that_change_under_load_hold_and_lose_nothing);
	return harness_run(suite);
}
