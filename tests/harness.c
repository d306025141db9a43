/* harness.c - gates, tallies, injected failures, and what is left behind */
/* SPDX-License-Identifier: MIT */
/*
 * See harness.h for what each function promises. The functions named
 * __wrap_... take the place of malloc and its family and of pthread_create
 * in every object of a test program (ld --wrap): they count, fail when told
 * to, and else call the real ones.
 */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

#define WATCHDOG	60	/* seconds; ends a test that hangs */
#define DESCRIPTORS	256	/* that are looked at */
#define CASES		4	/* of a suite, at most */
#define LOOKS		4000	/* a millisecond apart; for what a test left */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *pointer);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
	void *(*body)(void *), void *argument);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *pointer);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
	void *(*body)(void *), void *argument);

/* ---- Counting and failing ---- */

/* Relaxed would do: each is a counter of its own. The default is simpler. */
static atomic_ulong allocations_asked, allocations_made, allocations_live;
static atomic_ulong threads_asked, threads_made, threads_live;
static atomic_bool allocations_fail, threads_fail;
static atomic_ulong allocation_to_fail, thread_to_fail;	/* 0: none */
static struct gate *_Atomic thread_gate;	/* NULL: none */

/* One more request: is it one that has to fail? */
static bool
must_fail(atomic_bool *all, atomic_ulong *number, atomic_ulong *asked)
{
	unsigned long n = atomic_fetch_add(asked, 1) + 1;

	return atomic_load(all) || n == atomic_load(number);
}

static void *
count(void *allocated)
{
	if (allocated == NULL)
		return NULL;
	atomic_fetch_add(&allocations_live, 1);
	atomic_fetch_add(&allocations_made, 1);
	return allocated;
}

static bool
allocation_fails(void)
{
	return must_fail(&allocations_fail, &allocation_to_fail,
		&allocations_asked);
}

void *
__wrap_malloc(size_t size)
{
	return allocation_fails() ? NULL : count(__real_malloc(size));
}

void *
__wrap_calloc(size_t number, size_t size)
{
	return allocation_fails() ? NULL :
		count(__real_calloc(number, size));
}

void *
__wrap_realloc(void *old, size_t size)
{
	void *new;

	if (allocation_fails())
		return NULL;
	new = __real_realloc(old, size);
	return old == NULL ? count(new) : new;
}

void
__wrap_free(void *pointer)
{
	if (pointer != NULL)
		atomic_fetch_sub(&allocations_live, 1);
	__real_free(pointer);
}

struct thread_start {
	void *(*body)(void *);
	void *argument;
};

static void
count_end(void *unused)
{
	(void)unused;
	atomic_fetch_sub(&threads_live, 1);
}

static void *
counted_thread(void *argument)
{
	struct thread_start start = *(struct thread_start *)argument;
	void *result;

	__real_free(argument);
	pthread_cleanup_push(count_end, NULL);	/* pthread_exit runs it too */
	result = start.body(start.argument);
	pthread_cleanup_pop(1);
	return result;
}

int
__wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
	void *(*body)(void *), void *argument)
{
	struct gate *gate = atomic_load(&thread_gate);
	struct thread_start *start;
	int error;

	if (gate != NULL)
		gate_wait(gate);
	if (must_fail(&threads_fail, &thread_to_fail, &threads_asked))
		return EAGAIN;
	start = __real_malloc(sizeof(*start));
	if (start == NULL)
		return EAGAIN;
	*start = (struct thread_start){ body, argument };
	atomic_fetch_add(&threads_live, 1);
	error = __real_pthread_create(thread, attr, counted_thread, start);
	if (error != 0) {
		atomic_fetch_sub(&threads_live, 1);
		__real_free(start);
	} else {
		atomic_fetch_add(&threads_made, 1);
	}
	return error;
}

void
fail_allocations(bool fail)
{
	atomic_store(&allocations_fail, fail);
}

void
fail_allocation_number(unsigned long n)
{
	atomic_store(&allocation_to_fail,
		n == 0 ? 0 : atomic_load(&allocations_asked) + n);
}

void
fail_threads(bool fail)
{
	atomic_store(&threads_fail, fail);
}

void
fail_thread_number(unsigned long n)
{
	atomic_store(&thread_to_fail,
		n == 0 ? 0 : atomic_load(&threads_asked) + n);
}

void
hold_threads(struct gate *gate)
{
	atomic_store(&thread_gate, gate);
}

unsigned long
live_allocations(void)
{
	return atomic_load(&allocations_live);
}

unsigned long
live_threads(void)
{
	return atomic_load(&threads_live);
}

unsigned long
made_threads(void)
{
	return atomic_load(&threads_made);
}

unsigned long
made_allocations(void)
{
	return atomic_load(&allocations_made);
}

/* ---- Gates and tallies ---- */

void
gate_wait(struct gate *gate)
{
	pthread_mutex_lock(&gate->mutex);
	gate->waiting++;
	pthread_cond_broadcast(&gate->cond);
	while (!gate->open)
		pthread_cond_wait(&gate->cond, &gate->mutex);
	gate->waiting--;
	pthread_mutex_unlock(&gate->mutex);
}

void
gate_open(struct gate *gate)
{
	pthread_mutex_lock(&gate->mutex);
	gate->open = true;
	pthread_cond_broadcast(&gate->cond);
	pthread_mutex_unlock(&gate->mutex);
}

void
gate_await_waiting(struct gate *gate, unsigned threads)
{
	pthread_mutex_lock(&gate->mutex);
	while (gate->waiting < threads)
		pthread_cond_wait(&gate->cond, &gate->mutex);
	pthread_mutex_unlock(&gate->mutex);
}

unsigned long
tally_add(struct tally *tally)
{
	unsigned long now;

	pthread_mutex_lock(&tally->mutex);
	now = ++tally->count;
	pthread_cond_broadcast(&tally->cond);
	pthread_mutex_unlock(&tally->mutex);
	return now;
}

unsigned long
tally_read(struct tally *tally)
{
	unsigned long now;

	pthread_mutex_lock(&tally->mutex);
	now = tally->count;
	pthread_mutex_unlock(&tally->mutex);
	return now;
}

void
tally_await(struct tally *tally, unsigned long number)
{
	pthread_mutex_lock(&tally->mutex);
	while (tally->count < number)
		pthread_cond_wait(&tally->cond, &tally->mutex);
	pthread_mutex_unlock(&tally->mutex);
}

unsigned long
enough(unsigned long natively, unsigned long explored)
{
	return explore_active() ? explored : natively;
}

/* A millisecond. Virtual ones are free, but each is a step: so 1, 2, 4 ... */
static void
look_away(unsigned looks)
{
	long milliseconds = explore_active() && looks < 20 ? 1l << looks : 1;
	struct timespec briefly = { milliseconds / 1000,
		milliseconds % 1000 * 1000000 };

	nanosleep(&briefly, NULL);
}

void
await(bool (*condition)(void *argument), void *argument)
{
	unsigned looks = 0;

	if (explore_active())
		explore_await_still();	/* and no time goes by for nothing */
	while (!condition(argument))
		look_away(looks++);
}

void
private_pool_open(struct private_pool *private, DWORD minimum,
	DWORD maximum)
{
	private->pool = CreateThreadpool(NULL);
	ck_assert_ptr_nonnull(private->pool);
	SetThreadpoolThreadMaximum(private->pool, maximum);
	ck_assert(SetThreadpoolThreadMinimum(private->pool, minimum));
	InitializeThreadpoolEnvironment(&private->environ);
	SetThreadpoolCallbackPool(&private->environ, private->pool);
}

void
private_pool_close(struct private_pool *private)
{
	DestroyThreadpoolEnvironment(&private->environ);
	CloseThreadpool(private->pool);
}

/* ---- What a test has left behind ---- */

static unsigned long allocations_before;
static unsigned descriptors_before;

/* How many are open; a test has no use for many. */
static unsigned
open_descriptors(void)
{
	unsigned number = 0;

	for (int i = 0; i < DESCRIPTORS; i++)
		number += fcntl(i, F_GETFD) >= 0;
	return number;
}

/* The same where threads are the explorer's: it knows their names. */
static const char *
explored_thread_left(void)
{
	return explore_count_threads("tp-") >
		explore_count_threads("tp-default") +
		explore_count_threads("tp-dispatch") ? "tp-..." : NULL;
}

/* The name of a thread of the pool that must not outlive a test, or NULL. */
static const char *
thread_left(void)
{
	static char name[32];
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *task;
	bool found = false;

	while (tasks != NULL && !found && (task = readdir(tasks)) != NULL) {
		char path[300];
		FILE *comm;

		snprintf(path, sizeof(path), "/proc/self/task/%s/comm",
			task->d_name);
		comm = fopen(path, "r");
		if (comm == NULL)
			continue;
		if (fgets(name, sizeof(name), comm) != NULL)
			found = strncmp(name, "tp-", 3) == 0 &&
				strncmp(name, "tp-default", 10) != 0 &&
				strncmp(name, "tp-dispatch", 11) != 0;
		fclose(comm);
	}
	if (tasks != NULL)
		closedir(tasks);
	return found ? name : NULL;
}

static void
note_before(void)
{
	/*
	 * The default pool may keep threads, but not the test: its own
	 * leftovers are told apart by what there was before it.
	 */
	allocations_before = live_allocations();
	descriptors_before = open_descriptors();
}

void
harness_keep_descriptors(void)
{
	descriptors_before = open_descriptors();
}

/* What is left behind now, in words; NULL: nothing, as far as one sees. */
static const char *
left_now(void)
{
	static char words[64];
	const char *thread = explore_active() ? explored_thread_left() :
		thread_left();
	long allocations = (long)(live_allocations() - allocations_before);

	if (thread != NULL)
		snprintf(words, sizeof(words), "a thread named %s", thread);
	else if (allocations != 0)
		snprintf(words, sizeof(words), "%ld allocations",
			allocations);
	else if (open_descriptors() != descriptors_before)
		snprintf(words, sizeof(words), "descriptors");
	else
		return NULL;
	return words;
}

/*
 * Explored, the deadline of a queue that stood still may be a day away, and
 * holds its pool until then: that much has passed when this is called. It
 * must not have been what ended a thread, so those are looked at before.
 */
static void
check_nothing_left_explored(void)
{
	const char *left = left_now();

	for (unsigned looks = 0; left != NULL && looks < 20; looks++) {
		look_away(looks);
		explore_await_still();
		left = left_now();
	}
	if (left != NULL && explored_thread_left() == NULL) {
		explore_stall(25 * 3600 * 1000L);
		explore_await_still();
		left = left_now();
	}
	ck_assert_msg(left == NULL, "left behind: %s", left);
}

/*
 * Looks until nothing is left, or patience is. Linux ends a listing of the
 * threads early if the one that it has come to ends meanwhile, and so one
 * look may miss a thread that is about to end: two in a row must agree, and
 * the verdict is theirs, not that of another look. Patience is counted in
 * looks, since the clock may be set, and a machine may stand still.
 */
static void
check_nothing_left(void)
{
	const char *left = NULL;
	unsigned clean = 0;

	fail_allocations(false);
	fail_threads(false);
	if (explore_active()) {
		check_nothing_left_explored();
		return;
	}
	for (unsigned looks = 0; clean < 2 && looks < LOOKS; looks++) {
		left = left_now();
		clean = left == NULL ? clean + 1 : 0;
		if (clean < 2)
			look_away(looks);
	}
	ck_assert_msg(left == NULL, "left behind: %s", left);
}

/* ---- Suites ---- */

static struct {
	TCase *tcase;
	const char *name;
	SFun begin, end;	/* what the suite has around each test */
} cases[CASES];

static const TTest *only;	/* the test that TEST_ONLY names */
static unsigned only_case;	/* where it is */

static unsigned
number_of(const TCase *tcase)
{
	unsigned i = 0;

	while (cases[i].tcase != tcase)
		i++;
	return i;
}

TCase *
harness_case(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);
	unsigned i = 0;

	while (i < CASES && cases[i].tcase != NULL)
		i++;
	assert(i < CASES);
	cases[i].tcase = tcase;
	cases[i].name = name;

	tcase_set_timeout(tcase, WATCHDOG);
	tcase_add_checked_fixture(tcase, note_before, check_nothing_left);
	suite_add_tcase(suite, tcase);
	return tcase;
}

void
harness_add_fixture(TCase *tcase, SFun begin, SFun end)
{
	cases[number_of(tcase)].begin = begin;
	cases[number_of(tcase)].end = end;
	tcase_add_checked_fixture(tcase, begin, end);
}

void
harness_add_test(TCase *tcase, const TTest *test)
{
	const char *wanted = getenv("TEST_ONLY");

	if (getenv("TEST_LIST") != NULL)
		printf("%s %s\n", cases[number_of(tcase)].name, test->name);
	if (wanted != NULL && strcmp(wanted, test->name) != 0)
		return;
	if (wanted != NULL) {
		only = test;
		only_case = number_of(tcase);
	}
	_tcase_add_test(tcase, test, 0, 0, 0, 1);
}

/* In an explored execution: a failed assertion ends it, with its words. */
static int
run_explored(void)
{
	note_before();
	if (cases[only_case].begin != NULL)
		cases[only_case].begin();
	explore_count_faults();
	only->fn(0);
	if (cases[only_case].end != NULL)
		cases[only_case].end();
	check_nothing_left();
	return EXIT_SUCCESS;
}

static int
run_natively(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	const char *results = getenv("TEST_RESULTS");
	int failed;

	if (results != NULL)
		srunner_set_tap(runner, results);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
harness_run(Suite *suite)
{
	const char *wanted = getenv("TEST_ONLY");

	if (getenv("TEST_LIST") != NULL)
		return EXIT_SUCCESS;
	if (wanted != NULL && only == NULL) {
		fprintf(stderr, "TEST_ONLY: no test %s here\n", wanted);
		return EXIT_FAILURE;
	}
	if (explore_active()) {
		if (only == NULL)
			explore_fail_with("TEST_ONLY names no test");
		return run_explored();
	}
	return run_natively(suite);
}

/* ---- Programs that are expected to be reported ---- */

static void
run_scene(void (*scene)(void *argument), void *argument, int report)
{
	struct rlimit no_core = { 0, 0 };

	setrlimit(RLIMIT_CORE, &no_core);
	alarm(WATCHDOG / 2);
	dup2(report, STDERR_FILENO);
	scene(argument);
	_exit(0);
}

const char *
report_of(void (*scene)(void *argument), void *argument, bool aborts)
{
	static char report[4096];
	size_t length = 0;
	ssize_t got;
	int ends[2], status;
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		run_scene(scene, argument, ends[1]);
	close(ends[1]);
	while (length < sizeof(report) - 1 && (got = read(ends[0],
	       report + length, sizeof(report) - 1 - length)) > 0)
		length += (size_t)got;
	close(ends[0]);
	report[length] = '\0';
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	if (aborts)
		ck_assert_msg(WIFSIGNALED(status) &&
			WTERMSIG(status) == SIGABRT,
			"expected abort, got status %d and: %s", status,
			report);
	else
		ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
			"expected an end by itself, got status %d and: %s",
			status, report);
	return report;
}
