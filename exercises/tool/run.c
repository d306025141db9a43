/* run.c - runs one check in a process of its own, and gives the verdict */
/* SPDX-License-Identifier: MIT */
/*
 * usage: run [-m MODE] [-e WORDS [-a COMMAND]] -d SCRATCH -o OUTPUT
 *		PROGRAM CHECK
 *
 * MODE is natively, memory, quiescence, contract, schedules, race, replay or
 * contract-replay. The last five are for a program with the explorer in it, and
 * memory and quiescence may be. WORDS and COMMAND are handed on to the explorer
 * (EXPLORE and EXPLORE_AGAIN; see tests/explore/README.md).
 * Prints two lines: the verdict (pass, fail, timeout or error), a tab and
 * the reason; and what may differ from run to run: wall clock and processor
 * time in milliseconds, the largest memory in KiB, what protected the
 * machine. What the check printed goes to OUTPUT, up to a limit.
 *
 * The verdict does not depend on the speed of the machine. A check is ended
 * when nothing in it has run for STILL looks in a row, or when it has used
 * CPU_MS of processor time, however long a busy machine takes to give it that
 * much. What the kernel does for it counts less: to hand out a GiB of memory or
 * to make a few hundred processes takes one machine ten times as long as
 * another, and it is not to be the clock that ends who asks for too much of
 * either. The wall clock yields only an error, the grader's own, and a second
 * attempt: after WALL_MS in which the check neither got processor time nor was
 * waiting for it, or PATIENCE times as long in all. An explored program counts
 * steps itself; it has more time, for it runs its check hundreds of times.
 *
 * Called off by SIGINT, SIGTERM or SIGHUP it kills what the check has started,
 * all of it, as it always does, and gives no verdict.
 *
 * How the end is judged is in judge.c. Interface of the check's program: see
 * suite.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run.h"

#define LOOK_MS 100
#define STILL 20		/* looks */
#define CPU_MS 10000		/* of its own */
#define KERNEL 6		/* times as much, the kernel's included */
#define WALL_MS 120000
#define PATIENCE 10		/* times as much, of all the time */
#define EXPLORED 10		/* times as much of both, if explored */
#define JOBS 2l			/* executions at once, at most */
#define TOO_MUCH (16ul << 20)	/* bytes of output */
#define CROWD 32		/* processes */
#define MEMORY_KIB (1l << 20)	/* where the system cannot limit it */

extern char **environ;

static void
die(const char *what)
{
	fprintf(stderr, "run: %s: %s\n", what, strerror(errno));
	exit(3);
}

static long
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- Being called off ---- */

static volatile sig_atomic_t called_off;

static void
call_off(int signal)
{
	called_off = signal;
}

/* What is ignored stays so: in the background of a shell SIGINT is. */
static void
listen_for(int signal)
{
	struct sigaction action = { .sa_handler = call_off }, before;

	if (sigaction(signal, NULL, &before) == 0 &&
	    before.sa_handler != SIG_IGN)
		sigaction(signal, &action, NULL);
}

/* ---- Starting ---- */

static void
choose_password(char *password, int *channel)
{
	unsigned char random[17];
	int file = open("/dev/urandom", O_RDONLY);

	if (file < 0 || read(file, random, sizeof(random)) != sizeof(random))
		die("/dev/urandom");
	close(file);
	for (int i = 0; i < 16; i++)
		sprintf(password + 2 * i, "%02x", random[i]);
	*channel = 100 + random[16];
}

/* How many at once makes no difference but to the time it takes. */
static void
set_explorer(const struct run *run)
{
	long jobs = sysconf(_SC_NPROCESSORS_ONLN);
	char words[5000];

	snprintf(words, sizeof(words), "%s jobs=%ld", run->explore,
		jobs < JOBS ? 1 : JOBS);
	setenv("EXPLORE", words, 1);
	if (run->again != NULL)
		setenv("EXPLORE_AGAIN", run->again, 1);
}

static void
set_environment(const struct run *run)
{
	static char *empty[] = { NULL };

	environ = empty;
	if (run->explore != NULL)
		set_explorer(run);
	setenv("PATH", "/usr/bin:/bin", 1);
	setenv("LC_ALL", "C", 1);
	setenv("TMPDIR", ".", 1);
	setenv("ASAN_OPTIONS", "exitcode=77:detect_leaks=1:"
		"leak_check_at_exit=0:detect_stack_use_after_return=1:"
		"handle_abort=0", 1);
}

/* In the child. Returns only if something fails. */
static void
become_check(struct run *run, int program, int control, int channel,
	int printed, int number)
{
	char *arguments[] = { "check", NULL };
	int nothing = open("/dev/null", O_RDONLY);

	setsid();
	if (dup2(nothing, 0) < 0 || dup2(printed, 1) < 0 ||
	    dup2(printed, 2) < 0 || dup2(channel, number) < 0 ||
	    dup2(program, number + 1) < 0 || dup2(control, 3) < 0 ||
	    fcntl(number + 1, F_SETFD, FD_CLOEXEC) != 0)
		return;
	for (int fd = 4; fd < 1024; fd++)
		if (fd != number && fd != number + 1)
			close(fd);
	set_environment(run);
	if (cage_enter(&run->cage, run->scratch))
		fexecve(number + 1, arguments, environ);
}

static void
start(struct run *run)
{
	int control[2], channel[2], printed[2], number, program;
	char line[300];

	choose_password(run->password, &number);
	program = open(run->program, O_RDONLY);
	if (program < 0)
		die(run->program);
	if (pipe(control) != 0 || pipe(channel) != 0 || pipe(printed) != 0)
		die("pipe");
	run->begun = run->looked = now_ms();
	run->idle = run->most_cpu = 0;
	run->kills = kills_for_memory();
	run->pid = fork();
	if (run->pid == -1)
		die("fork");
	if (run->pid == 0) {
		become_check(run, program, control[0], channel[1],
			printed[1], number);
		_exit(121);
	}
	close(program);
	close(control[0]);
	close(channel[1]);
	close(printed[1]);
	snprintf(line, sizeof(line), "%s %d %s %s\n", run->password, number,
		run->mode, run->check);
	if (write(control[1], line, strlen(line)) != (ssize_t)strlen(line))
		die("control");
	close(control[1]);
	run->channel = channel[0];
	run->printed = printed[0];
	fcntl(run->channel, F_SETFL, O_NONBLOCK);
	fcntl(run->printed, F_SETFL, O_NONBLOCK);
}

/* ---- Watching ---- */

static bool
printable(char byte)
{
	char text[2] = { byte, '\0' };

	return byte == '\n' || byte == '\t' || !is_control(text);
}

/* Takes what there is; keeps the first KEPT bytes. */
static void
drain(int *fd, struct text *text)
{
	char bytes[4096];
	ssize_t length;

	while (*fd >= 0) {
		length = read(*fd, bytes, sizeof(bytes));
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0 && errno == EAGAIN)
			return;
		if (length <= 0) {
			close(*fd);
			*fd = -1;
			return;
		}
		for (ssize_t i = 0; i < length; i++)
			if (text->used < KEPT)
				text->bytes[text->used++] =
					printable(bytes[i]) ? bytes[i] : '?';
		text->bytes[text->used] = '\0';
		text->seen += (unsigned long)length;
		if (text->seen > TOO_MUCH)
			return;
	}
}

static void
count_idle(struct run *run, const struct look *look, long since)
{
	if (look->cpu_ms > run->most_cpu)
		run->most_cpu = look->cpu_ms;
	else if (!look->runnable)
		run->idle += since;
}

static void
look(struct run *run)
{
	int times = run->explore != NULL ? EXPLORED : 1;
	long since = now_ms() - run->looked;
	struct look look;

	run->looked += since;
	if (run->idle > WALL_MS * times ||
	    run->looked - run->begun > PATIENCE * WALL_MS * times)
		decide(run, "error", "the check did not end, neither hung "
			"nor busy: the machine may be overloaded");
	if (run->text.seen > TOO_MUCH)
		decide(run, "fail", "printed more than 16 MiB");
	if (!process_look(run->pid, run->cage.reaper, &look)) {
		run->idle += since;
		return;
	}
	count_idle(run, &look, since);
	if (look.processes > CROWD)
		decide(run, "fail", "started more than 32 processes");
	if (run->cage.sanitizer && look.memory_kib > MEMORY_KIB)
		decide(run, "fail", "it used more memory than it may");
	if (look.own_ms > CPU_MS * times ||
	    look.cpu_ms > KERNEL * CPU_MS * times)
		decide(run, "timeout", "used ten seconds of processor time "
			"and did not end");
	if (look.asleep && look.switches == run->last.switches &&
	    look.threads == run->last.threads)
		run->still++;
	else
		run->still = 0;
	run->last = look;
	if (run->still >= STILL)
		decide_hang(run);
}

static void
watch(struct run *run)
{
	pid_t ended;

	while (run->verdict == NULL && !called_off) {
		struct pollfd fds[2] = {
			{ run->channel, POLLIN, 0 },
			{ run->printed, POLLIN, 0 },
		};

		poll(fds, 2, run->channel < 0 && run->printed < 0 ? 2 :
			LOOK_MS);
		drain(&run->channel, &run->result);
		drain(&run->printed, &run->text);
		ended = wait4(run->pid, &run->status, WNOHANG, &run->usage);
		if (ended == run->pid)
			return;
		if (now_ms() - run->looked >= LOOK_MS ||
		    run->text.seen > TOO_MUCH)
			look(run);
	}
	kill(run->pid, SIGKILL);
	wait4(run->pid, &run->status, 0, &run->usage);
}

static void
attempt(struct run *run)
{
	run->verdict = NULL;
	run->result.used = run->text.used = 0;
	run->result.seen = run->text.seen = 0;
	run->result.bytes[0] = run->text.bytes[0] = '\0';
	run->still = 0;
	start(run);
	watch(run);
	judge_orphans(run);
	cage_end(&run->cage, run->pid);
	if (called_off)
		_exit(128 + called_off);
	drain(&run->channel, &run->result);
	drain(&run->printed, &run->text);
	judge(run);
	if (run->channel >= 0)
		close(run->channel);
	if (run->printed >= 0)
		close(run->printed);
}

static void
print_results(struct run *run)
{
	char protection[200];
	FILE *file = fopen(run->output, "w");
	long cpu = run->usage.ru_utime.tv_sec * 1000 +
		run->usage.ru_utime.tv_usec / 1000 +
		run->usage.ru_stime.tv_sec * 1000 +
		run->usage.ru_stime.tv_usec / 1000;

	if (file == NULL)
		die(run->output);
	fwrite(run->text.bytes, 1, run->text.used, file);
	if (run->text.seen > run->text.used)
		fprintf(file, "\n[and more: only the first %d bytes are "
			"kept]\n", KEPT);
	if (fclose(file) != 0)
		die(run->output);
	cage_describe(&run->cage, protection, sizeof(protection));
	printf("%s\t%s\n", run->verdict, run->reason);
	printf("%ld\t%ld\t%ld\t%s\n", now_ms() - run->begun, cpu,
		run->usage.ru_maxrss, protection);
}

int
main(int argc, char **argv)
{
	static struct run run = { .mode = "natively" };
	int option;

	while ((option = getopt(argc, argv, "m:d:o:e:a:")) != -1) {
		if (option == 'm')
			run.mode = optarg;
		else if (option == 'd')
			run.scratch = optarg;
		else if (option == 'o')
			run.output = optarg;
		else if (option == 'e')
			run.explore = optarg;
		else if (option == 'a')
			run.again = optarg;
		else
			return 2;
	}
	if (argc - optind != 2 || run.scratch == NULL || run.output == NULL)
		return 2;
	run.program = argv[optind];
	run.check = argv[optind + 1];
	signal(SIGPIPE, SIG_IGN);
	listen_for(SIGHUP);
	listen_for(SIGINT);
	listen_for(SIGTERM);
	cage_choose(&run.cage, strcmp(run.mode, "memory") == 0);
	attempt(&run);
	if (strcmp(run.verdict, "error") == 0)
		attempt(&run);
	print_results(&run);
	return strcmp(run.verdict, "error") == 0 ? 3 : 0;
}
