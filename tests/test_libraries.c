/* SPDX-License-Identifier: MIT */
/*
 * test_libraries.c - libraries: loaded, counted, unloaded, and by whom
 *
 * A library runs code of its own when it is unloaded. The guest (guest.h)
 * tells the host then: so a test knows when it went, on which thread, and
 * what was over by that time.
 *
 * The system unloads one library at a time, and whoever loads one waits for
 * that, inside the system, where the explorer cannot see it. So a test that
 * loads one again lets the unloading thread come to its end first.
 */
#include <stdio.h>
#include <string.h>

#include "guest.h"
#include "kernel.h"
#include "posts.h"

#define GUEST	"plugin_guest"

/* ---- Guests ---- */

/* POSIX has the two kinds of pointers alike, and Windows casts them. */
typedef void (*code)(void);	/* to be cast to any other */

static code
function_of(HMODULE module, const char *name)
{
	code function = (code)GetProcAddress(module, name);

	ck_assert_msg(function != NULL, "%s is not there", name);
	return function;
}

static int
calls_of(HMODULE module)
{
	guest_count *count = (guest_count *)function_of(module,
		"count_calls");

	return count();
}

/* Loads the guest, which adds to the tally when it goes. */
static HMODULE
invite(guest_farewell farewell, void *argument)
{
	HMODULE module = LoadLibraryA(GUEST);
	guest_on_unload *on_unload;

	ck_assert_ptr_nonnull(module);
	on_unload = (guest_on_unload *)function_of(module, "on_unload");
	on_unload(farewell, argument);
	return module;
}

static void
count_farewell(void *gone)
{
	tally_add(gone);
}

static PTP_WORK
visit_of(HMODULE module, struct guest_visit *visit, PTP_CALLBACK_ENVIRON env)
{
	PTP_WORK work = CreateThreadpoolWork(
		(PTP_WORK_CALLBACK)function_of(module, "visit"), visit, env);

	ck_assert_ptr_nonnull(work);
	return work;
}

/* Nobody has the guest: who loads it finds it as on the first day. */
static void
assert_gone(HMODULE old)
{
	HMODULE module;

	if (explore_active())
		explore_await_still();
	ck_assert_fails(GetProcAddress(old, "visit"), ERROR_MOD_NOT_FOUND);
	ck_assert_fails(FreeLibrary(old), ERROR_MOD_NOT_FOUND);
	module = LoadLibraryA(GUEST);
	ck_assert_ptr_nonnull(module);
	ck_assert_int_eq(calls_of(module), 1);
	ck_assert(FreeLibrary(module));
}

/* ---- Loading and freeing ---- */

START_TEST(a_library_stays_until_it_is_freed_as_often_as_loaded)
{	/* KOBJ-24 */
	struct tally gone = TALLY_INIT;
	HMODULE module = invite(count_farewell, &gone);

	ck_assert_int_eq(calls_of(module), 1);
	ck_assert_ptr_eq(LoadLibraryA(GUEST), module);
	ck_assert_ptr_eq(LoadLibraryA(GUEST ".so"), module);
	ck_assert(FreeLibrary(module));
	ck_assert(FreeLibrary(module));
	ck_assert_uint_eq(tally_read(&gone), 0);
	ck_assert_int_eq(calls_of(module), 2);
	ck_assert(FreeLibrary(module));
	ck_assert_uint_eq(tally_read(&gone), 1);
	assert_gone(module);
}
END_TEST

START_TEST(a_library_is_found_by_its_path)
{	/* KOBJ-24 */
	struct tally gone = TALLY_INIT;
	HMODULE module = invite(count_farewell, &gone), same;
	char line[4200], *path = NULL;
	FILE *maps = fopen("/proc/self/maps", "r");

	ck_assert_ptr_nonnull(maps);
	while (path == NULL && fgets(line, sizeof(line), maps) != NULL)
		if (strstr(line, "/" GUEST ".so") != NULL)
			path = strchr(line, '/');
	fclose(maps);
	ck_assert_ptr_nonnull(path);
	path[strcspn(path, "\n")] = '\0';
	same = LoadLibraryA(path);
	ck_assert_ptr_eq(same, module);
	*strrchr(path, '.') = '\0';
	ck_assert_ptr_eq(LoadLibraryA(path), module);
	for (int i = 0; i < 3; i++)
		ck_assert(FreeLibrary(module));
	ck_assert_uint_eq(tally_read(&gone), 1);
}
END_TEST

START_TEST(what_is_no_library_is_refused)
{	/* KOBJ-24 */
	int something = 0;

	ck_assert_fails(LoadLibraryA("plugin_that_nobody_wrote"),
		ERROR_MOD_NOT_FOUND);
	ck_assert_fails(LoadLibraryA("/no/such/folder/plugin_guest"),
		ERROR_MOD_NOT_FOUND);
	ck_assert_fails(LoadLibraryA(NULL), ERROR_MOD_NOT_FOUND);
	ck_assert_fails(LoadLibraryA(""), ERROR_MOD_NOT_FOUND);
	ck_assert_fails(FreeLibrary(NULL), ERROR_MOD_NOT_FOUND);
	ck_assert_fails(FreeLibrary((HMODULE)(void *)&something),
		ERROR_MOD_NOT_FOUND);
	ck_assert_fails(GetProcAddress(NULL, "visit"), ERROR_MOD_NOT_FOUND);
	ck_assert_fails(GetProcAddress((HMODULE)(void *)&something, "visit"),
		ERROR_MOD_NOT_FOUND);
}
END_TEST

START_TEST(a_function_that_is_not_there_is_refused)
{	/* KOBJ-24 */
	HMODULE module = invite(NULL, NULL);

	ck_assert_fails(GetProcAddress(module, "Visit"),
		ERROR_PROC_NOT_FOUND);
	ck_assert_fails(GetProcAddress(module, NULL), ERROR_PROC_NOT_FOUND);
	/* An ordinal, on Windows. */
	ck_assert_fails(GetProcAddress(module, (LPCSTR)(ULONG_PTR)1),
		ERROR_PROC_NOT_FOUND);
	ck_assert(FreeLibrary(module));
}
END_TEST

START_TEST(a_library_that_cannot_be_counted_is_not_loaded)
{	/* KOBJ-24 */
	struct tally gone = TALLY_INIT;
	HMODULE module;

	fail_allocation_number(1);
	ck_assert_fails(LoadLibraryA(GUEST), ERROR_NOT_ENOUGH_MEMORY);
	module = invite(count_farewell, &gone);
	ck_assert_int_eq(calls_of(module), 1);
	/* One that is counted needs no memory. */
	fail_allocation_number(1);
	ck_assert_ptr_eq(LoadLibraryA(GUEST), module);
	fail_allocation_number(0);
	ck_assert(FreeLibrary(module));
	ck_assert(FreeLibrary(module));
	ck_assert_uint_eq(tally_read(&gone), 1);
}
END_TEST

/* ---- A library that frees itself ---- */

struct departure {
	struct tally gone;
	struct guest_visit visit;
	HANDLE event, semaphore;
	PTP_WORK work;		/* to be waited for then; or NULL */
	PTP_POOL grow;		/* to have two threads by then; or NULL */
	BOOL left;		/* as seen when the library goes */
	DWORD event_then, semaphore_then;
	pthread_t thread;
};

static void
look_around(void *argument)
{
	struct departure *departure = argument;

	departure->thread = pthread_self();
	departure->left = departure->visit.left;
	if (departure->event != NULL)
		departure->event_then = poll(departure->event);
	if (departure->semaphore != NULL)
		departure->semaphore_then = poll(departure->semaphore);
	if (departure->grow != NULL)
		SetThreadpoolThreadMaximum(departure->grow, 2);
	if (departure->work != NULL)
		WaitForThreadpoolWorkCallbacks(departure->work, FALSE);
	tally_add(&departure->gone);
}

START_TEST(a_plug_in_may_unload_itself_from_its_own_callback)
{	/* INST-05 */
	struct departure departure = { .gone = TALLY_INIT };
	struct private_pool private;
	HMODULE module = invite(look_around, &departure);
	PTP_WORK work;

	private_pool_open(&private, 1, 1);
	departure.visit.module = module;
	departure.visit.close = TRUE;
	work = visit_of(module, &departure.visit, &private.environ);
	SubmitThreadpoolWork(work);
	tally_await(&departure.gone, 1);
	/* Behind its last line, and on the thread that ran it. */
	ck_assert(departure.left);
	ck_assert(!pthread_equal(departure.thread, pthread_self()));
	private_pool_close(&private);
	assert_gone(module);
}
END_TEST

START_TEST(a_simple_callback_may_unload_its_library)
{	/* INST-05 */
	struct departure departure = { .gone = TALLY_INIT };
	HMODULE module = invite(look_around, &departure);

	departure.visit.module = module;
	ck_assert(TrySubmitThreadpoolCallback(
		(PTP_SIMPLE_CALLBACK)function_of(module, "visit_simply"),
		&departure.visit, NULL));
	tally_await(&departure.gone, 1);
	ck_assert(departure.left);
	assert_gone(module);
}
END_TEST

static bool
no_thread_is_left(void *unused)
{
	(void)unused;
	return live_threads() == 0;
}

START_TEST(it_gives_back_one_reference_and_no_more)
{	/* INST-05 */
	struct departure departure = { .gone = TALLY_INIT };
	struct private_pool private;
	HMODULE module = invite(look_around, &departure);
	PTP_WORK work;

	private_pool_open(&private, 1, 1);
	ck_assert_ptr_eq(LoadLibraryA(GUEST), module);
	departure.visit.module = module;
	work = visit_of(module, &departure.visit, &private.environ);
	SubmitThreadpoolWork(work);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	private_pool_close(&private);
	ck_assert_uint_eq(tally_read(&departure.gone), 0);
	ck_assert_int_eq(calls_of(module), 1);
	await(no_thread_is_left, NULL);
	ck_assert(FreeLibrary(module));
	ck_assert_uint_eq(tally_read(&departure.gone), 1);
}
END_TEST

START_TEST(a_library_may_be_freed_when_the_event_of_its_callback_is_set)
{	/* INST-01, INST-12 */
	struct tally gone = TALLY_INIT;
	struct guest_visit visit = { .event = event(FALSE, FALSE) };
	HMODULE module = invite(count_farewell, &gone);
	PTP_WORK work = visit_of(module, &visit, NULL);

	SubmitThreadpoolWork(work);
	ck_assert_uint_eq(WaitForSingleObject(visit.event, INFINITE),
		WAIT_OBJECT_0);
	ck_assert(visit.left);
	/* The object may not be settled, and the check must not mind. */
	ck_assert(FreeLibrary(module));
	ck_assert_uint_eq(tally_read(&gone), 1);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	ck_assert(CloseHandle(visit.event));
	assert_gone(module);
}
END_TEST

/* What else the callback asked for, and that nobody waits for it. */
static VOID CALLBACK
ask_for_all(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	struct departure *departure = context;

	(void)work;
	FreeLibraryWhenCallbackReturns(instance, departure->visit.module);
	SetEventWhenCallbackReturns(instance, departure->event);
	ReleaseSemaphoreWhenCallbackReturns(instance, departure->semaphore,
		1);
	departure->visit.left = TRUE;
}

START_TEST(the_library_goes_last_when_its_object_is_settled)
{	/* INST-05, INST-08, INST-09, port-defined */
	struct departure departure = { .gone = TALLY_INIT };
	struct private_pool private;

	private_pool_open(&private, 1, 1);
	departure.event = event(MANUAL, UNSET);
	departure.semaphore = semaphore(0, 1);
	departure.visit.module = invite(look_around, &departure);
	departure.work = CreateThreadpoolWork(ask_for_all, &departure,
		&private.environ);
	ck_assert_ptr_nonnull(departure.work);
	SubmitThreadpoolWork(departure.work);
	tally_await(&departure.gone, 1);
	ck_assert(departure.left);
	ck_assert_uint_eq(departure.event_then, WAIT_OBJECT_0);
	ck_assert_uint_eq(departure.semaphore_then, WAIT_OBJECT_0);
	CloseThreadpoolWork(departure.work);
	private_pool_close(&private);
	ck_assert(CloseHandle(departure.event));
	ck_assert(CloseHandle(departure.semaphore));
	assert_gone(departure.visit.module);
}
END_TEST

/* ---- Libraries of objects ---- */

static void
wait_at_gate(struct guest_visit *visit)
{
	gate_wait(visit->argument);
}

START_TEST(an_object_keeps_its_library_until_it_is_freed)
{	/* POOL-36, port-defined */
	struct gate gate = GATE_INIT;
	struct departure departure = { .gone = TALLY_INIT };
	struct private_pool private;
	HMODULE module = invite(look_around, &departure);
	PTP_WORK work;

	private_pool_open(&private, 1, 1);
	SetThreadpoolCallbackLibrary(&private.environ, module);
	departure.visit.during = wait_at_gate;
	departure.visit.argument = &gate;
	work = visit_of(module, &departure.visit, &private.environ);
	/* The host has done with it; the object has a reference of its own. */
	ck_assert(FreeLibrary(module));
	SubmitThreadpoolWork(work);
	gate_await_waiting(&gate, 1);
	ck_assert_uint_eq(tally_read(&departure.gone), 0);
	gate_open(&gate);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	ck_assert_uint_eq(tally_read(&departure.gone), 0);
	ck_assert_int_eq(calls_of(module), 1);
	CloseThreadpoolWork(work);
	tally_await(&departure.gone, 1);
	ck_assert(departure.left);
	private_pool_close(&private);
	assert_gone(module);
}
END_TEST

START_TEST(each_object_has_a_reference_of_its_own)
{	/* POOL-36, port-defined */
	struct tally gone = TALLY_INIT;
	struct private_pool private;
	HMODULE module = invite(count_farewell, &gone);
	PTP_WORK works[3];
	PTP_TIMER timer;

	private_pool_open(&private, 1, 1);
	SetThreadpoolCallbackLibrary(&private.environ, module);
	for (int i = 0; i < 3; i++)
		works[i] = CreateThreadpoolWork(count_work, &gone,
			&private.environ);
	timer = CreateThreadpoolTimer((PTP_TIMER_CALLBACK)count_work, &gone,
		&private.environ);
	ck_assert_ptr_nonnull(timer);
	ck_assert(FreeLibrary(module));
	for (int i = 0; i < 3; i++)
		CloseThreadpoolWork(works[i]);
	ck_assert_uint_eq(tally_read(&gone), 0);
	CloseThreadpoolTimer(timer);
	ck_assert_uint_eq(tally_read(&gone), 1);
	private_pool_close(&private);
	assert_gone(module);
}
END_TEST

START_TEST(a_simple_callback_keeps_its_library_until_it_is_over)
{	/* POOL-36, port-defined */
	struct gate gate = GATE_INIT;
	struct departure departure = { .gone = TALLY_INIT };
	struct private_pool private;
	HMODULE module = invite(look_around, &departure);

	private_pool_open(&private, 1, 1);
	SetThreadpoolCallbackLibrary(&private.environ, module);
	departure.visit.during = wait_at_gate;
	departure.visit.argument = &gate;
	ck_assert(TrySubmitThreadpoolCallback(
		(PTP_SIMPLE_CALLBACK)function_of(module, "visit_simply"),
		&departure.visit, &private.environ));
	ck_assert(FreeLibrary(module));
	gate_await_waiting(&gate, 1);
	ck_assert_uint_eq(tally_read(&departure.gone), 0);
	gate_open(&gate);
	tally_await(&departure.gone, 1);
	ck_assert(departure.left);
	private_pool_close(&private);
	assert_gone(module);
}
END_TEST

static VOID CALLBACK
close_work(PTP_CALLBACK_INSTANCE instance, PVOID gate, PTP_WORK work)
{
	(void)instance;
	gate_wait(gate);
	CloseThreadpoolWork(work);
}

/*
 * The worker that frees the object unloads its library, which waits for
 * another object, of which a callback is next in the queue: on this very
 * worker. So nothing may have begun before the library is gone.
 */
START_TEST(a_library_that_goes_may_wait_for_the_callback_that_is_next)
{	/* POOL-36, port-defined */
	struct gate gate = GATE_INIT;
	struct tally runs = TALLY_INIT;
	struct departure departure = { .gone = TALLY_INIT };
	struct private_pool private;
	PTP_WORK work;
	HMODULE module;

	private_pool_open(&private, 1, 1);
	departure.grow = private.pool;
	departure.work = CreateThreadpoolWork(count_work, &runs,
		&private.environ);
	module = invite(look_around, &departure);
	SetThreadpoolCallbackLibrary(&private.environ, module);
	work = CreateThreadpoolWork(close_work, &gate, &private.environ);
	ck_assert(work != NULL && departure.work != NULL);
	ck_assert(FreeLibrary(module));
	SubmitThreadpoolWork(work);
	gate_await_waiting(&gate, 1);
	SubmitThreadpoolWork(departure.work);
	gate_open(&gate);
	tally_await(&departure.gone, 1);
	ck_assert_uint_eq(tally_read(&runs), 1);
	CloseThreadpoolWork(departure.work);
	private_pool_close(&private);
	assert_gone(module);
}
END_TEST

START_TEST(a_bad_library_makes_creation_fail)
{	/* POOL-37 */
	TP_CALLBACK_ENVIRON environ;
	struct tally runs = TALLY_INIT;
	HMODULE freed = invite(NULL, NULL);

	ck_assert(FreeLibrary(freed));
	InitializeThreadpoolEnvironment(&environ);
	SetThreadpoolCallbackLibrary(&environ, (PVOID)(ULONG_PTR)1);
	ck_assert_fails(CreateThreadpoolWork(count_work, &runs, &environ),
		ERROR_MOD_NOT_FOUND);
	ck_assert_fails(TrySubmitThreadpoolCallback(count_simple, &runs,
		&environ), ERROR_MOD_NOT_FOUND);
	ck_assert_fails(CreateThreadpoolTimer((PTP_TIMER_CALLBACK)count_work,
		&runs, &environ), ERROR_MOD_NOT_FOUND);
	SetThreadpoolCallbackLibrary(&environ, freed);
	ck_assert_fails(CreateThreadpoolWork(count_work, &runs, &environ),
		ERROR_MOD_NOT_FOUND);
	ck_assert_uint_eq(tally_read(&runs), 0);
}
END_TEST

START_TEST(creation_that_fails_gives_the_reference_back)
{	/* POOL-36, POOL-37, port-defined */
	struct tally gone = TALLY_INIT, runs = TALLY_INIT;
	struct private_pool private;
	HMODULE module = invite(count_farewell, &gone);

	private_pool_open(&private, 0, 1);
	SetThreadpoolCallbackLibrary(&private.environ, module);
	fail_thread_number(1);
	ck_assert_fails(CreateThreadpoolWork(count_work, &runs,
		&private.environ), ERROR_NOT_ENOUGH_MEMORY);
	ck_assert(FreeLibrary(module));
	ck_assert_uint_eq(tally_read(&gone), 1);
	private_pool_close(&private);
}
END_TEST

/* ---- Under load ---- */

static DWORD
load_and_free(void *unused)
{
	(void)unused;
	for (int i = 0; i < 2000; i++) {
		HMODULE module = LoadLibraryA(GUEST);

		if (module == NULL || GetProcAddress(module, "visit") == NULL
		    || !FreeLibrary(module))
			return 1;
	}
	return 0;
}

START_TEST(many_threads_may_load_and_free_one_library)
{	/* KOBJ-24 */
	HANDLE threads[4];

	for (int i = 0; i < 4; i++)
		threads[i] = start(load_and_free, NULL);
	for (int i = 0; i < 4; i++)
		ck_assert_uint_eq(join(threads[i]), 0);
	ck_assert_fails(GetProcAddress(NULL, "visit"), ERROR_MOD_NOT_FOUND);
}
END_TEST

/* ---- The suite ---- */

static void
add_objects(TCase *small)
{
	tcase_add_test(small, an_object_keeps_its_library_until_it_is_freed);
	tcase_add_test(small, each_object_has_a_reference_of_its_own);
	tcase_add_test(small,
		a_simple_callback_keeps_its_library_until_it_is_over);
	tcase_add_test(small,
		a_library_that_goes_may_wait_for_the_callback_that_is_next);
	tcase_add_test(small, a_bad_library_makes_creation_fail);
	tcase_add_test(small, creation_that_fails_gives_the_reference_back);
}

int
main(void)
{
	Suite *suite = suite_create("libraries");
	TCase *small = harness_case(suite, "small");
	TCase *large = harness_case(suite, "large");

	tcase_add_test(small,
		a_library_stays_until_it_is_freed_as_often_as_loaded);
	tcase_add_test(small, a_library_is_found_by_its_path);
	tcase_add_test(small, what_is_no_library_is_refused);
	tcase_add_test(small, a_function_that_is_not_there_is_refused);
	tcase_add_test(small, a_library_that_cannot_be_counted_is_not_loaded);
	tcase_add_test(small,
		a_plug_in_may_unload_itself_from_its_own_callback);
	tcase_add_test(small, a_simple_callback_may_unload_its_library);
	tcase_add_test(small, it_gives_back_one_reference_and_no_more);
	tcase_add_test(small,
		a_library_may_be_freed_when_the_event_of_its_callback_is_set);
	tcase_add_test(small,
		the_library_goes_last_when_its_object_is_settled);
	add_objects(small);
	tcase_add_test(large, many_threads_may_load_and_free_one_library);
	return harness_run(suite);
}
