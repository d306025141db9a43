/* execution.c - one execution: a process of its own, and how it ended */
/* SPDX-License-Identifier: MIT */
/*
 * The child is a copy of the driver just before the program's main, so that
 * every execution begins with the same memory. Its record is shared; what
 * it prints goes to a file of the slot. Whatever it does to itself, the
 * driver survives it and knows the schedule up to that point.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "driver.h"

#define WALL 120	/* seconds after which an execution hangs */
#define EXCERPT 65536	/* bytes of output that are looked at */

int __real_main(int argc, char **argv, char **envp);
pid_t __real_fork(void);

int xp_argc;
char **xp_argv, **xp_envp;
struct xp_places *xp_places, *xp_places_found;

/* ---- Slots ---- */

static void *
shared(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED) {
		perror("explore: mmap");
		exit(3);
	}
	return memory;
}

/* The processor of that rank among those this process may use, or -1. */
static int
processor(unsigned rank)
{
	cpu_set_t set;
	int n;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return -1;
	n = CPU_COUNT(&set);
	rank %= (unsigned)n;
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET((size_t)i, &set) && rank-- == 0)
			return i;
	return -1;
}

void
xp_slots_make(struct xp_slot *slots, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		slots[i].pid = 0;
		slots[i].record = shared(sizeof(struct xp_record));
		slots[i].output = memfd_create("explore", MFD_CLOEXEC);
		slots[i].processor = n > 1 || xp_options.jobs == 1 ?
			processor(i) : -1;
		if (slots[i].output < 0) {
			perror("explore: memfd_create");
			exit(3);
		}
	}
	xp_prepare();
	if (xp_places_found == NULL) {
		xp_places_found = shared(sizeof(*xp_places_found));
		xp_places = shared(sizeof(*xp_places));
	}
}

/* ---- The child ---- */

/* No core files, and no endless computing. */
static void
limit_resources(void)
{
	const struct rlimit none = { 0, 0 };
	const struct rlimit hang = { xp_options.hang, xp_options.hang };

	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_CPU, &hang);
}

_Noreturn static void
run_program(struct xp_slot *slot)
{
	if (slot->processor >= 0) {
		cpu_set_t set;

		/* One thread runs at a time: a second one only costs. */
		CPU_ZERO(&set);
		CPU_SET((size_t)slot->processor, &set);
		(void)sched_setaffinity(0, sizeof(set), &set);
	}
	limit_resources();
	alarm(WALL);
	dup2(slot->output, STDOUT_FILENO);
	dup2(slot->output, STDERR_FILENO);
	xp_begin(&slot->plan, slot->record);
	xp_crash_watch();
	xp_end(__real_main(xp_argc, xp_argv, xp_envp));
}

/* See driver.h. */
void
xp_slot_start(struct xp_slot *slot)
{
	memset(slot->record, 0, offsetof(struct xp_record, thread));
	memset(slot->record->thread, 0, sizeof(slot->record->thread));
	if (ftruncate(slot->output, 0) != 0)
		perror("explore: ftruncate");
	lseek(slot->output, 0, SEEK_SET);
	fflush(NULL);
	slot->pid = __real_fork();
	if (slot->pid < 0) {
		perror("explore: fork");
		exit(3);
	}
	if (slot->pid == 0)
		run_program(slot);
}

/* ---- How it ended ---- */

static size_t
read_output(const struct xp_slot *slot, char *text, size_t size)
{
	ssize_t got = pread(slot->output, text, size - 1, 0);

	text[got > 0 ? got : 0] = '\0';
	return got > 0 ? (size_t)got : 0;
}

char *
xp_slot_output(const struct xp_slot *slot, size_t *length)
{
	char *text = malloc(EXCERPT + 1);

	if (text == NULL)
		exit(3);
	*length = read_output(slot, text, EXCERPT + 1);
	return text;
}

static void
judge(struct xp_record *record, enum xp_verdict verdict, const char *format,
	const char *text)
{
	size_t length = strcspn(text, "\n");

	record->verdict = verdict;
	snprintf(record->text, sizeof(record->text), format,
		(int)(length < 400 ? length : 400), text);
}

/*
 * Ends what a sanitizer says before the first thing that is different in
 * every process: its number, an address.
 */
static void
cut_numbers(char *text)
{
	static const char *const ends[] = {
		" (pid=", " on address ", " on unknown address ", " 0x",
	};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		char *end = strstr(text, ends[i]);

		if (end != NULL)
			*end = '\0';
	}
}

/* What a sanitizer has said, if one has. */
static bool
judge_sanitizer(struct xp_record *record, const char *output)
{
	static const char *const says[] = {
		"AddressSanitizer: ", "LeakSanitizer: ",
		"ThreadSanitizer: ", "runtime error: ",
	};

	for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++) {
		const char *line = strstr(output, says[i]);

		if (line != NULL) {
			judge(record, XP_SANITIZER, "%.*s", line);
			cut_numbers(record->text);
			return true;
		}
	}
	return false;
}

static void
judge_signal(struct xp_record *record, int number)
{
	if (number == SIGXCPU || number == SIGKILL)
		judge(record, XP_HANG, "%.*s", "it computes for ever, where "
			"the explorer sees no step");
	else if (number == SIGALRM)
		judge(record, XP_HANG, "%.*s", "it waits for ever, where "
			"the explorer cannot see it");
	else
		judge(record, XP_CRASH, "it crashed: %.*s",
			strsignal(number));
}

/* Writes 0x... for every address, which is another one in every process. */
static void
mask_addresses(char *text)
{
	while ((text = strstr(text, "0x")) != NULL) {
		size_t digits = strspn(text + 2, "0123456789abcdef");

		text += 2;
		if (digits < 3)
			continue;
		memcpy(text, "...", 3);
		memmove(text + 3, text + digits, strlen(text + digits) + 1);
	}
}

/* abort() has been called: by the pool's report of misuse, for one. */
static void
judge_abort(struct xp_record *record, const char *output)
{
	const char *line = NULL;

	/* The last one: warnings come before it. */
	while ((output = strstr(output, "threadpool: ")) != NULL)
		line = output++;
	if (line == NULL)
		return;
	judge(record, XP_MISUSE, "%.*s", line);
	mask_addresses(record->text);
}

/* It allocates nothing: the next execution finds the memory of this one. */
static void
complete(struct xp_slot *slot, int status)
{
	struct xp_record *record = slot->record;
	static char output[EXCERPT + 1];

	if (record->verdict == XP_PASS && WIFEXITED(status) &&
	    WEXITSTATUS(status) == 0)
		return;
	(void)read_output(slot, output, sizeof(output));
	if (record->verdict == XP_CRASH)
		judge_abort(record, output);
	if ((record->verdict == XP_NONE || record->verdict == XP_PASS) &&
	    !judge_sanitizer(record, output)) {
		if (WIFSIGNALED(status))
			judge_signal(record, WTERMSIG(status));
		else
			judge(record, XP_EXIT, "%.*s", "it ended before "
				"main returned, out of the explorer's sight");
	}
}

/* See driver.h. */
struct xp_slot *
xp_slot_await(struct xp_slot *slots, unsigned n)
{
	for (;;) {
		int status;
		pid_t pid = waitpid(-1, &status, 0);

		if (pid < 0 && errno != EINTR) {
			perror("explore: waitpid");
			exit(3);
		}
		for (unsigned i = 0; i < n; i++)
			if (pid > 0 && slots[i].pid == pid) {
				slots[i].pid = 0;
				complete(&slots[i], status);
				return &slots[i];
			}
	}
}

void
xp_slot_run(struct xp_slot *slot, const struct xp_plan *plan)
{
	slot->plan = *plan;
	xp_slot_start(slot);
	(void)xp_slot_await(slot, 1);
}

bool
xp_failed(const struct xp_record *record)
{
	return record->verdict != XP_PASS;
}
