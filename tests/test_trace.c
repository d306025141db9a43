/* SPDX-License-Identifier: MIT */
/*
 * test_trace.c - the event trace (ref/trace.c)
 *
 * A scene is a program of its own: it runs in a child process, with TP_TRACE
 * naming a file that the test has open and reads afterwards. Gates, and
 * looks into the pool, put its events into one order; so the test knows the
 * whole file but for the times, of which it knows that they begin at 0 and
 * never go back.
 */
#define _XOPEN_SOURCE 700	/* tmpfile, setrlimit */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "scene.h"

/* ---- Reading a trace ---- */

#define TRACE_MAX	(2 << 20)	/* bytes */

struct trace {
	FILE *file;
	char *text;		/* TRACE_MAX bytes */
	size_t size;
};

static void
trace_open(struct trace *trace)
{
	char path[32];

	trace->file = tmpfile();
	trace->text = malloc(TRACE_MAX);
	ck_assert(trace->file != NULL && trace->text != NULL);
	snprintf(path, sizeof(path), "/dev/fd/%d", fileno(trace->file));
	setenv("TP_TRACE", path, 1);
}

static void
trace_close(struct trace *trace)
{
	fclose(trace->file);
	free(trace->text);
}

/* The next line of the text, without its end; *text moves behind it. */
static char *
take_line(char **text)
{
	char *line = *text, *end = strchr(line, '\n');

	ck_assert_ptr_nonnull(end);
	*end = '\0';
	*text = end + 1;
	return line;
}

/* Cuts the time out of an event; it must not be before *last. */
static void
cut_time(char *line, double *last)
{
	char *start = strstr(line, "\"ts\":"), *end;
	double time;

	if (start == NULL) {
		ck_assert_ptr_nonnull(strstr(line, "\"ph\":\"M\""));
		return;
	}
	start += strlen("\"ts\":");
	time = strtod(start, &end);
	ck_assert(end > start && *end == ',');
	ck_assert_msg(time >= *last && (*last >= 0 || time == 0),
		"%s: %f after %f", line, time, *last);
	*last = time;
	memmove(start, end, strlen(end) + 1);
}

/*
 * Reads the file, which must be a list of objects in JSON, one a line; cuts
 * out their times and leaves the lines of events in trace->text.
 */
static void
trace_read(struct trace *trace)
{
	char *in = trace->text, *out = trace->text, *line;
	double last = -1;
	bool more = true;

	rewind(trace->file);
	trace->size = fread(trace->text, 1, TRACE_MAX - 1, trace->file);
	trace->text[trace->size] = '\0';
	ck_assert_str_eq(take_line(&in), "[");
	while (strcmp(line = take_line(&in), "]") != 0) {
		size_t length = strlen(line);

		ck_assert(more && line[0] == '{');
		more = line[length - 1] == ',';
		if (more)
			line[--length] = '\0';
		ck_assert_int_eq(line[length - 1], '}');
		cut_time(line, &last);
		out += sprintf(out, "%s\n", line);
	}
	ck_assert(!more || out == trace->text);
	ck_assert_uint_eq((size_t)(in - trace->text), trace->size);
	*out = '\0';
}

/* What stands behind "key": in the line, up to a comma or the end. */
static void
get_value(char *value, size_t size, const char *line, const char *key)
{
	const char *start = strstr(line, key);
	size_t length;

	value[0] = '\0';
	if (start == NULL)
		return;
	start += strlen(key);
	if (*start == '"')
		start++;
	length = strcspn(start, "\",}");
	ck_assert_uint_lt(length, size);
	memcpy(value, start, length);
	value[length] = '\0';
}

/*
 * The same, shorter: thread, phase, name. The names of threads follow a #.
 */
static const char *
trace_brief(struct trace *trace)
{
	char *in = trace->text, *out = trace->text;

	trace_read(trace);
	while (*in != '\0') {
		char thread[8], phase[8], name[40], args[40];
		const char *line = take_line(&in);

		get_value(thread, sizeof(thread), line, "\"tid\":");
		get_value(phase, sizeof(phase), line, "\"ph\":");
		get_value(args, sizeof(args), line, "\"args\":{\"name\":");
		get_value(name, sizeof(name), line, "\"name\":");
		if (args[0] != '\0')
			out += sprintf(out, "%s # %s\n", thread, args);
		else
			out += sprintf(out, "%s %s %s\n", thread, phase, name);
	}
	return trace->text;
}

/* ---- Inside the child ---- */

struct crew_size {
	PTP_POOL pool;
	unsigned idle;
};

static bool
so_many_idle(void *argument)
{
	struct crew_size *size = argument;
	unsigned idle;

	tp_lock(&size->pool->lock);
	idle = size->pool->idle_count;
	tp_unlock(&size->pool->lock);
	return idle == size->idle;
}

static void
await_idle(PTP_POOL pool, unsigned idle)
{
	struct crew_size size = { pool, idle };

	await(so_many_idle, &size);
}

static bool
no_threads(void *unused)
{
	(void)unused;
	return live_threads() == 0;
}

static void *
open_when_awaited(void *argument)
{
	struct scene *scene = argument;

	await(has_waiter, scene->work);
	gate_open(&scene->gate);
	return NULL;
}

/* ---- What is written ---- */

static void
play_all(void *unused)
{
	struct scene scene = SCENE_INIT;
	pthread_t opener;

	(void)unused;
	private_pool_open(&scene.private, 1, 1);
	await_idle(scene.private.pool, 1);
	scene.work = CreateThreadpoolWork(pass_gate, &scene,
		&scene.private.environ);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);
	submit(scene.work, 2);
	start(&opener, open_when_awaited, &scene);
	WaitForThreadpoolWorkCallbacks(scene.work, TRUE);
	join(opener);
	scene_close(&scene);
	await(no_threads, NULL);
}

#define NAME(thread, name) "{\"ph\":\"M\",\"pid\":1,\"tid\":" thread \
	",\"name\":\"thread_name\",\"args\":{\"name\":\"" name "\"}}\n"
#define MARK(thread, category, name, args) "{\"ph\":\"i\",\"pid\":1," \
	"\"tid\":" thread ",\"ts\":,\"cat\":\"" category "\",\"name\":\"" \
	name "\",\"s\":\"t\"" args "}\n"
#define SPAN(phase, thread, category, name) "{\"ph\":\"" phase "\"," \
	"\"pid\":1,\"tid\":" thread ",\"ts\":,\"cat\":\"" category \
	"\",\"name\":\"" name "\"}\n"

START_TEST(a_trace_holds_every_event_in_its_order)
{
	struct trace trace;

	trace_open(&trace);
	ck_assert_str_eq(report_of(play_all, NULL, false), "");
	trace_read(&trace);
	ck_assert_str_eq(trace.text,
		NAME("1", "main")
		MARK("1", "pool", "make pool 1", "")
		NAME("2", "worker 1")
		MARK("2", "thread", "born", "")
		SPAN("B", "2", "idle", "idle")
		MARK("1", "pool", "make default pool", "")
		MARK("1", "post", "post work 1", ",\"args\":{\"pending\":1}")
		SPAN("E", "2", "idle", "idle")
		SPAN("B", "2", "callback", "work 1")
		MARK("1", "post", "post work 1", ",\"args\":{\"pending\":1}")
		MARK("1", "post", "post work 1", ",\"args\":{\"pending\":2}")
		MARK("1", "cancel", "cancel work 1",
			",\"args\":{\"dropped\":2}")
		SPAN("B", "1", "wait", "wait for work 1")
		SPAN("E", "2", "callback", "work 1")
		SPAN("B", "2", "idle", "idle")
		SPAN("E", "1", "wait", "wait for work 1")
		MARK("1", "pool", "close pool 1", "")
		SPAN("E", "2", "idle", "idle")
		MARK("2", "thread", "retired", ""));
	trace_close(&trace);
}
END_TEST

static void
play_names(void *unused)
{
	struct tally runs = TALLY_INIT;
	struct private_pool private;
	PTP_WORK first, second;

	(void)unused;
	private_pool_open(&private, 1, 1);
	await_idle(private.pool, 1);
	first = CreateThreadpoolWork(count_work, &runs, &private.environ);
	second = CreateThreadpoolWork(count_work, &runs, &private.environ);
	submit(second, 1);
	tally_await(&runs, 1);
	await_idle(private.pool, 1);
	TrySubmitThreadpoolCallback(count_simple, &runs, &private.environ);
	tally_await(&runs, 2);
	await_idle(private.pool, 1);
	submit(first, 1);
	tally_await(&runs, 3);
	await_idle(private.pool, 1);
}

START_TEST(things_are_numbered_when_they_are_first_spoken_of)
{
	struct trace trace;

	trace_open(&trace);
	report_of(play_names, NULL, false);
	ck_assert_str_eq(trace_brief(&trace),
		"1 # main\n1 i make pool 1\n"
		"2 # worker 1\n2 i born\n2 B idle\n"
		"1 i make default pool\n"
		"1 i post work 1\n2 E idle\n"
		"2 B work 1\n2 E work 1\n2 B idle\n"
		"1 i post simple callback 1\n2 E idle\n"
		"2 B simple callback 1\n2 E simple callback 1\n2 B idle\n"
		"1 i post work 2\n2 E idle\n"
		"2 B work 2\n2 E work 2\n2 B idle\n");
	trace_close(&trace);
}
END_TEST

static void
play_refusal(void *unused)
{
	(void)unused;
	fail_threads(true);
	if (CreateThreadpoolWork(count_work, NULL, NULL) != NULL)
		abort();
}

START_TEST(a_refused_thread_is_in_the_trace)
{
	struct trace trace;

	trace_open(&trace);
	report_of(play_refusal, NULL, false);
	ck_assert_str_eq(trace_brief(&trace), "1 # main\n"
		"1 i make default pool\n1 i refused\n");
	trace_close(&trace);
}
END_TEST

/* One processor and a callback that blocks unseen: the deadline must help. */
static void
play_stall(void *unused)
{
	struct scene scene = SCENE_INIT;

	(void)unused;
	setenv("TP_PROCESSORS", "1", 1);
	setenv("TP_STALL_MS", "1", 1);
	private_pool_open(&scene.private, 1, 2);
	await_idle(scene.private.pool, 1);
	scene.work = CreateThreadpoolWork(pass_gate, &scene,
		&scene.private.environ);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 1);
	submit(scene.work, 1);
	gate_await_waiting(&scene.gate, 2);
}

START_TEST(the_dispatcher_has_its_own_line)
{
	struct trace trace;

	trace_open(&trace);
	report_of(play_stall, NULL, false);
	ck_assert_str_eq(trace_brief(&trace),
		"1 # main\n1 i make pool 1\n"
		"2 # worker 1\n2 i born\n2 B idle\n"
		"1 i make default pool\n"
		"1 i post work 1\n2 E idle\n2 B work 1\n"
		"1 i post work 1\n"
		"3 # dispatcher\n3 i due time\n"
		"4 # worker 2\n4 i born\n4 B work 1\n");
	trace_close(&trace);
}
END_TEST

/* ---- How it ends ---- */

static VOID CALLBACK
end_by_exit(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)context;
	(void)work;
	exit(0);
}

static VOID CALLBACK
end_by_abort(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
	(void)instance;
	(void)context;
	(void)work;
	abort();
}

static void
play_end(void *callback)
{
	struct gate never = GATE_INIT;
	struct private_pool private;

	private_pool_open(&private, 1, 1);
	await_idle(private.pool, 1);
	submit(CreateThreadpoolWork(*(PTP_WORK_CALLBACK *)callback, NULL,
		&private.environ), 1);
	gate_wait(&never);
}

START_TEST(a_trace_is_complete_when_a_callback_ends_the_program)
{
	PTP_WORK_CALLBACK callbacks[] = { end_by_exit, end_by_abort };

	for (int i = 0; i < 2; i++) {
		struct trace trace;

		trace_open(&trace);
		report_of(play_end, &callbacks[i], i == 1);
		ck_assert_str_eq(trace_brief(&trace),
			"1 # main\n1 i make pool 1\n"
			"2 # worker 1\n2 i born\n2 B idle\n"
			"1 i make default pool\n"
			"1 i post work 1\n2 E idle\n2 B work 1\n");
		trace_close(&trace);
	}
}
END_TEST

/* ---- No trace ---- */

static void
play_untraced(void *unused)
{
	(void)unused;
	play_names(NULL);
	if (tp_tracing)
		abort();
}

START_TEST(nothing_is_traced_unless_a_file_is_named)
{
	unsetenv("TP_TRACE");
	ck_assert_str_eq(report_of(play_untraced, NULL, false), "");
	setenv("TP_TRACE", "", 1);
	ck_assert_str_eq(report_of(play_untraced, NULL, false), "");
}
END_TEST

START_TEST(a_file_that_cannot_be_opened_gives_one_line_and_no_trace)
{
	char expected[200];

	setenv("TP_TRACE", "no/such/folder", 1);
	snprintf(expected, sizeof(expected), "threadpool: warning: TP_TRACE:"
		" no/such/folder: %s\n", strerror(ENOENT));
	ck_assert_str_eq(report_of(play_untraced, NULL, false), expected);
}
END_TEST

/* Files of this process may have so many bytes, and no signal says so. */
static void
play_full(void *limit)
{
	struct rlimit few = { *(rlim_t *)limit, *(rlim_t *)limit };

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &few);
	play_names(NULL);
}

START_TEST(a_file_that_cannot_grow_ends_with_a_whole_event)
{
	static const char words[] = "threadpool: warning: TP_TRACE: "
		"the trace ends here: ";

	for (rlim_t limit = 300; limit < 600; limit += 7) {
		struct trace trace;
		const char *report;

		trace_open(&trace);
		report = report_of(play_full, &limit, false);
		ck_assert_msg(strncmp(report, words, strlen(words)) == 0 &&
			strchr(report, '\n') == report + strlen(report) - 1,
			"got: %s", report);
		trace_read(&trace);
		ck_assert_uint_le(trace.size, limit);
		ck_assert_uint_gt(trace.size, 100);
		trace_close(&trace);
	}
}
END_TEST

/* ---- Many threads ---- */

#define SUBMITTERS	3
#define POSTS		1000

static void *
submit_many(void *work)
{
	submit(work, POSTS);
	return NULL;
}

static void
play_many(void *unused)
{
	struct tally runs = TALLY_INIT;
	struct private_pool private;
	pthread_t submitters[SUBMITTERS];
	PTP_WORK work;

	(void)unused;
	private_pool_open(&private, 3, 3);
	work = CreateThreadpoolWork(count_work, &runs, &private.environ);
	for (int i = 0; i < SUBMITTERS; i++)
		start(&submitters[i], submit_many, work);
	for (int i = 0; i < SUBMITTERS; i++)
		join(submitters[i]);
	WaitForThreadpoolWorkCallbacks(work, FALSE);
	CloseThreadpoolWork(work);
	private_pool_close(&private);
	await(no_threads, NULL);
}

static unsigned
occurrences(const char *text, const char *words)
{
	unsigned count = 0;

	for (; (text = strstr(text, words)) != NULL; text++)
		count++;
	return count;
}

START_TEST(events_of_many_threads_do_not_mix)
{
	struct trace trace;
	const char *brief;

	trace_open(&trace);
	report_of(play_many, NULL, false);
	brief = trace_brief(&trace);
	ck_assert_uint_eq(occurrences(brief, " i post work 1\n"),
		SUBMITTERS * POSTS);
	ck_assert_uint_eq(occurrences(brief, " B work 1\n"),
		SUBMITTERS * POSTS);
	ck_assert_uint_eq(occurrences(brief, " E work 1\n"),
		SUBMITTERS * POSTS);
	ck_assert_uint_eq(occurrences(brief, " B idle\n"),
		occurrences(brief, " E idle\n"));
	ck_assert_uint_eq(occurrences(brief, " # worker "), 3);
	ck_assert_uint_eq(occurrences(brief, " # thread "), SUBMITTERS);
	ck_assert_uint_eq(occurrences(brief, " i retired\n"), 3);
	trace_close(&trace);
}
END_TEST

/* ---- The suite ---- */

int
main(void)
{
	Suite *suite = suite_create("trace");
	TCase *large = harness_case(suite, "large");	/* they fork */

	tcase_add_test(large, a_trace_holds_every_event_in_its_order);
	tcase_add_test(large,
		things_are_numbered_when_they_are_first_spoken_of);
	tcase_add_test(large, a_refused_thread_is_in_the_trace);
	tcase_add_test(large, the_dispatcher_has_its_own_line);
	tcase_add_test(large,
		a_trace_is_complete_when_a_callback_ends_the_program);
	tcase_add_test(large, nothing_is_traced_unless_a_file_is_named);
	tcase_add_test(large,
		a_file_that_cannot_be_opened_gives_one_line_and_no_trace);
	tcase_add_test(large,
		a_file_that_cannot_grow_ends_with_a_whole_event);
	tcase_add_test(large, events_of_many_threads_do_not_mix);
	return harness_run(suite);
}
