/* SPDX-License-Identifier: MIT */
/*
 * test_races.c - moments at which something goes away, or comes too soon
 *
 * Each test forces one interleaving, or one hostile call, that a reviewer of
 * the engine asked about: a pool that ends while a thread is made for it,
 * a callback that ends its thread, its pool or its process, a thread that
 * ends while it owns something. What a race leaves behind, the harness
 * finds; what it uses too late, the sanitizers do.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel.h"
#include "posts.h"

#include "../ref/waitable.h"

#define NEVER	"1000000"	/* ms */

static void
start_thread(pthread_t *thread, void *(*body)(void *), void *argument)
{
	ck_assert_int_eq(pthread_create(thread, NULL, body, argument), 0);
}

/* ---- A pool that ends while a thread is made for it ---- */

struct late {
	struct private_pool private;
	struct gate begin, busy, making;
	struct tally runs;
};

static VOID CALLBACK
stay_busy(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct late *late = context;

	(void)instance;
	(void)work;
	gate_wait(&late->busy);
}

/* Are there only as many threads as that? */
static bool
are_gone(void *threads)
{
	return live_threads() <= *(unsigned long *)threads;
}

/* Makes the pool grow, and is held up in the making of the thread. */
static void *
make_it_grow(void *context)
{
	struct late *late = context;

	gate_wait(&late->begin);
	ck_assert(TrySubmitThreadpoolCallback(count_simple, &late->runs,
		&late->private.environ));
	return NULL;
}

/*
 * The only worker runs what the new thread was meant for, and leaves with
 * everything else; whoever made the thread is the last to hold the pool.
 */
static void
end_while_a_thread_is_made(bool refused)
{
	struct late late = { .begin = GATE_INIT, .busy = GATE_INIT,
		.making = GATE_INIT, .runs = TALLY_INIT };
	unsigned long threads = live_threads() + 1;	/* the grower */
	pthread_t grower;
	PTP_WORK work;

	setenv("TP_PROCESSORS", "4", 1);
	setenv("TP_STALL_MS", NEVER, 1);
	private_pool_open(&late.private, 0, 4);
	work = CreateThreadpoolWork(stay_busy, &late, &late.private.environ);
	ck_assert_ptr_nonnull(work);
	SubmitThreadpoolWork(work);
	gate_await_waiting(&late.busy, 1);
	start_thread(&grower, make_it_grow, &late);
	hold_threads(&late.making);
	gate_open(&late.begin);
	gate_await_waiting(&late.making, 1);
	gate_open(&late.busy);
	tally_await(&late.runs, 1);
	CloseThreadpoolWork(work);
	private_pool_close(&late.private);
	await(are_gone, &threads);
	fail_threads(refused);
	gate_open(&late.making);
	pthread_join(grower, NULL);
	hold_threads(NULL);
}

START_TEST(pool_may_end_while_a_thread_is_made_for_it)
{	/* POOL-20 */
	end_while_a_thread_is_made(false);
}
END_TEST

START_TEST(pool_may_end_while_a_thread_for_it_is_refused)
{	/* POOL-20 */
	end_while_a_thread_is_made(true);
}
END_TEST

/* ---- Callbacks that end more than themselves ---- */

static VOID CALLBACK
close_everything(PTP_CALLBACK_INSTANCE instance, PVOID context,
	PTP_WORK work)
{
	struct late *late = context;

	(void)instance;
	SetThreadpoolThreadMaximum(late->private.pool, 3);
	SetThreadpoolThreadMinimum(late->private.pool, 2);
	SetThreadpoolThreadMaximum(late->private.pool, 1);
	CloseThreadpoolWork(work);
	private_pool_close(&late->private);
	tally_add(&late->runs);
}

START_TEST(callback_may_set_limits_and_close_its_own_pool)
{	/* POOL-20, WORK-18 */
	struct late late = { .runs = TALLY_INIT };
	PTP_WORK work;

	private_pool_open(&late.private, 0, 1);
	work = CreateThreadpoolWork(close_everything, &late,
		&late.private.environ);
	ck_assert_ptr_nonnull(work);
	SubmitThreadpoolWork(work);
	tally_await(&late.runs, 1);
}
END_TEST

static void
say(const char *words)
{
	if (write(STDERR_FILENO, words, strlen(words)) < 0)
		_exit(1);	/* no assertion: it may be a signal handler */
}

static void
say_bye(void)
{
	say("bye\n");
}

static VOID CALLBACK
exit_process(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	exit(0);
}

/* Runs the callback, which is expected to end the process. */
static void
run_last(PTP_SIMPLE_CALLBACK callback)
{
	TrySubmitThreadpoolCallback(callback, NULL, NULL);
	WaitForSingleObject(CreateEventA(NULL, TRUE, FALSE, NULL), INFINITE);
}

static void
exit_in_callback(void *unused)
{
	(void)unused;
	atexit(say_bye);
	run_last(exit_process);
}

START_TEST(callback_may_end_the_process)
{
	ck_assert_str_eq(report_of(exit_in_callback, NULL, false), "bye\n");
}
END_TEST

#if TP_CHECK
static VOID CALLBACK
end_thread(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	(void)instance;
	(void)context;
	pthread_exit(NULL);
}

static void
pthread_exit_in_callback(void *unused)
{
	(void)unused;
	run_last(end_thread);
}

START_TEST(pthread_exit_in_a_callback_is_reported)
{	/* INST-30 */
	const char *report =
		report_of(pthread_exit_in_callback, NULL, true);

	ck_assert_ptr_nonnull(strstr(report,
		"threadpool: error thread-exit: pthread_exit("));
}
END_TEST
#endif

static void
see_fault(int signal)
{
	(void)signal;
	say("seen\n");
	_exit(0);
}

static VOID CALLBACK
fault(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	void *forbidden = NULL;

	(void)instance;
	(void)context;
	ck_assert_int_eq(posix_memalign(&forbidden, size, size), 0);
	ck_assert_int_eq(mprotect(forbidden, size, PROT_NONE), 0);
	*(char volatile *)forbidden = 1;
}

static void
fault_in_callback(void *unused)
{
	struct sigaction action = { .sa_handler = see_fault };

	(void)unused;
	sigemptyset(&action.sa_mask);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	run_last(fault);
}

START_TEST(fault_in_a_callback_reaches_the_handler_of_the_program)
{
	ck_assert_str_eq(report_of(fault_in_callback, NULL, false),
		"seen\n");
}
END_TEST

/* ---- The end of a thread ---- */

static pthread_key_t late_key;	/* destroyed after those that came before */

/* Runs when the pool has noticed the end of the thread already. */
static void
acquire_late(void *mutex)
{
	WaitForSingleObject(mutex, INFINITE);
}

static void *
end_and_acquire(void *mutex)
{
	/* The pool asks to be told of the end of this thread: first. */
	ck_assert_uint_eq(WaitForSingleObject(GetCurrentThread(), 0),
		WAIT_TIMEOUT);
	ck_assert_int_eq(pthread_setspecific(late_key, mutex), 0);
	return NULL;
}

START_TEST(mutex_acquired_while_the_thread_ends_is_abandoned_too)
{	/* KOBJ-09 */
	HANDLE acquired = mutex();
	pthread_t thread;

	ck_assert_uint_eq(poll(acquired), WAIT_OBJECT_0);
	ck_assert(ReleaseMutex(acquired));
	ck_assert_int_eq(pthread_key_create(&late_key, acquire_late), 0);
	start_thread(&thread, end_and_acquire, acquired);
	pthread_join(thread, NULL);
	ck_assert_uint_eq(poll(acquired), WAIT_ABANDONED_0);
	ck_assert(ReleaseMutex(acquired));
	CloseHandle(acquired);
	pthread_key_delete(late_key);
}
END_TEST

#if TP_CHECK
static void *
leave_as_a_stranger(void *section)
{
	LeaveCriticalSection(section);
	return NULL;
}

static void
leave_on_a_new_thread(void *unused)
{
	CRITICAL_SECTION section;
	pthread_t thread;

	(void)unused;
	InitializeCriticalSection(&section);
	start_thread(&thread, leave_as_a_stranger, &section);
	pthread_join(thread, NULL);
}

START_TEST(section_left_by_a_thread_without_a_number_is_reported)
{	/* KOBJ-17 */
	const char *report = report_of(leave_on_a_new_thread, NULL, true);

	ck_assert_ptr_nonnull(strstr(report,
		"threadpool: error section-not-owner: LeaveCriticalSection("));
}
END_TEST
#endif

/* ---- What a signal asks for ---- */

/* Not a thread: when the object is signalled, something is done later. */
struct watcher {
	struct tp_wait_block block;
	struct tp_later later;
	HANDLE done;
};

static void
set_done(struct tp_later *later)
{
	SetEvent(tp_container(later, struct watcher, later)->done);
}

static bool
ask_for_later(struct tp_wait_block *block)
{
	struct watcher *watcher = block->waiter;

	(void)block->object->kind->consume(block->object, NULL);
	tp_list_remove(&block->link);
	tp_waitable_later_locked(&watcher->later);
	return true;
}

static void
watch(struct watcher *watcher, HANDLE handle)
{
	watcher->later.perform = set_done;
	tp_list_init(&watcher->later.link);
	tp_lock(&tp_waitable_lock);
	watcher->block = (struct tp_wait_block){
		.object = tp_handle_find_locked(handle),
		.waiter = watcher, .satisfy = ask_for_later
	};
	tp_list_append(&watcher->block.object->blocks, &watcher->block.link);
	tp_unlock(&tp_waitable_lock);
}

START_TEST(what_a_signal_asks_for_is_done_before_the_signaller_sleeps)
{
	HANDLE watched = event(AUTO, UNSET);
	struct watcher watcher = { .done = event(AUTO, UNSET) };

	watch(&watcher, watched);
	/* Nobody else is there who could do it. */
	ck_assert_uint_eq(SignalObjectAndWait(watched, watcher.done,
		INFINITE, FALSE), WAIT_OBJECT_0);
	CloseHandle(watched);
	CloseHandle(watcher.done);
}
END_TEST

/* ---- The table of handles grows and shrinks ---- */

enum { OWNERS = 4, EACH = 40 };

/* Makes, uses and closes as many handles as make the table grow. */
static void
come_and_go(LONG volatile *bad, HANDLE *handles)
{
	HANDLE process = GetCurrentProcess();

	for (unsigned i = 0; i < EACH; i++) {
		if (i % 2 == 0)
			handles[i] = CreateEventA(NULL, AUTO, SET, NULL);
		else if (!DuplicateHandle(process, handles[i - 1], process,
				&handles[i], 0, FALSE, 0))
			InterlockedIncrement(bad);
	}
	for (unsigned i = 0; i < EACH; i += 2)
		if (WaitForMultipleObjects(2, &handles[i], FALSE, 0)
				!= WAIT_OBJECT_0 ||
				poll(handles[i + 1]) != WAIT_TIMEOUT)
			InterlockedIncrement(bad);
	for (unsigned i = 0; i < EACH; i++)
		if (!CloseHandle(handles[i]) || CloseHandle(handles[i]))
			InterlockedIncrement(bad);
}

static void *
own_handles(void *context)
{
	HANDLE handles[EACH];

	for (int round = 0; round < 200; round++)
		come_and_go(context, handles);
	return NULL;
}

START_TEST(table_of_handles_may_grow_and_shrink_under_all_threads)
{
	LONG volatile bad = 0;
	pthread_t threads[OWNERS];

	for (int i = 0; i < OWNERS; i++)
		start_thread(&threads[i], own_handles, (void *)&bad);
	for (int i = 0; i < OWNERS; i++)
		pthread_join(threads[i], NULL);
	ck_assert_int_eq(bad, 0);
}
END_TEST

/* ---- The suite ---- */

static void
add_small(TCase *small)
{
	tcase_add_test(small, pool_may_end_while_a_thread_is_made_for_it);
	tcase_add_test(small, pool_may_end_while_a_thread_for_it_is_refused);
	tcase_add_test(small, callback_may_set_limits_and_close_its_own_pool);
	tcase_add_test(small, callback_may_end_the_process);
	tcase_add_test(small,
		fault_in_a_callback_reaches_the_handler_of_the_program);
	tcase_add_test(small,
		mutex_acquired_while_the_thread_ends_is_abandoned_too);
	tcase_add_test(small,
		what_a_signal_asks_for_is_done_before_the_signaller_sleeps);
#if TP_CHECK
	tcase_add_test(small, pthread_exit_in_a_callback_is_reported);
	tcase_add_test(small,
		section_left_by_a_thread_without_a_number_is_reported);
#endif
}

int
main(void)
{
	Suite *suite = suite_create("races");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	add_small(small);
	tcase_add_test(large,
		table_of_handles_may_grow_and_shrink_under_all_threads);
	return harness_run(suite);
}
