/* harness.c - gates and tallies, what is left behind, and running suites */
/* SPDX-License-Identifier: MIT */
/*
 * See harness.h for what each function promises; those that count and
 * make fail are in counting.c.
 *
 * What a test leaves behind is what there is more than before it. Some of
 * it may be about to go: natively the harness looks again and again for a
 * while; explored, it lets everybody run until nobody can.
 */
#include <assert.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

#include "explore/open_below.h"

#define WATCHDOG	600	/* seconds; ends what hangs, not what is slow */
#define DESCRIPTORS	1024	/* that are looked at: few tests have as many */
#define CASES		4	/* of a suite, at most */
#define LOOKS		4000	/* a millisecond apart; for what a test left */

#ifdef __SANITIZE_THREAD__
/* ThreadSanitizer asks; it does not see the lock that the loader takes. */
const char *__tsan_default_suppressions(void);

const char *
__tsan_default_suppressions(void)
{
	return "race:ld-linux";
}
#endif

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

unsigned
open_descriptors(void)
{
	return open_below(DESCRIPTORS);
}

/* The same where threads are the explorer's: it knows their names. */
static const char *
explored_thread_left(void)
{
	return explore_count_threads("tp-") >
		explore_count_threads("tp-default") +
		explore_count_threads("tp-dispatch") +
		explore_count_threads("tp-wait") +
		explore_count_threads("tp-timer") +
		explore_count_threads("tp-io") ? "tp-..." : NULL;
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
				strncmp(name, "tp-dispatch", 11) != 0 &&
				strncmp(name, "tp-wait", 7) != 0 &&
				strncmp(name, "tp-timer", 8) != 0 &&
				strncmp(name, "tp-io", 5) != 0;
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

static void
check_nothing_left_explored(void)
{
	const char *left = left_now();

	for (unsigned looks = 0; left != NULL && looks < 20; looks++) {
		look_away(looks);
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
