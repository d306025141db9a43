/* cage.c - what a check may do to the machine, and the end of all it began */
/* SPDX-License-Identifier: MIT */
/*
 * A submission is a program that somebody else has written. What keeps it
 * from harm, best first; cage_choose finds out which of these there are:
 *
 *	a throw-away user	if the grader runs as root: the check can
 *				touch no process and no file but its own
 *	Landlock		Linux from 5.13: no file outside the scratch
 *				folder can be changed; from 6.12 no signal
 *				can leave either
 *	a PID namespace		as root, or where users may make namespaces:
 *				the check sees and signals only what it has
 *				started itself, and all of that ends with the
 *				namespace, as that does with the grader,
 *				even one that is killed itself
 *	limits			memory, processes, file size, processor
 *				time, no core files: always
 *
 * When a check is over, everything it has started is killed: all that is in
 * the namespace. Without one: its process group; the throw-away user's
 * processes; and, since the grader is then the reaper of all orphans below
 * it, whatever left the group.
 */
#ifdef __linux__
#define _GNU_SOURCE		/* setgroups, syscall, unshare */
#endif

#include "cage.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "process.h"

#define MIB ((rlim_t)1 << 20)

/* ---- Landlock ---- */

#if defined(__linux__) && defined(SYS_landlock_create_ruleset)

/* As the kernel defines them; the headers of older systems do not. */
struct ruleset {
	uint64_t files;
	uint64_t net;
	uint64_t scoped;
};

struct beneath {
	uint64_t allowed;
	int32_t folder;
} __attribute__((packed));

enum {
	LL_WRITE = 1 << 1,
	LL_CHANGES = LL_WRITE | 0x1ff0,	/* remove_dir to make_sym */
	LL_REFER = 1 << 13,		/* from version 2 */
	LL_TRUNCATE = 1 << 14,		/* from version 3 */
	LL_SCOPE_SIGNAL = 1 << 1	/* from version 6 */
};

static int
landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);

	return version < 0 ? 0 : (int)version;
}

static bool
allow(long rules, const char *path, uint64_t what)
{
	struct beneath beneath = { what, open(path, O_PATH | O_CLOEXEC) };
	bool ok = beneath.folder >= 0 && syscall(SYS_landlock_add_rule,
		rules, 1, &beneath, 0) == 0;

	close(beneath.folder);
	return ok;
}

static bool
landlock_enter(int version, const char *scratch)
{
	struct ruleset ruleset = { LL_CHANGES, 0, 0 };
	size_t size = sizeof(ruleset.files);
	bool ok;
	long rules;

	if (version >= 2)
		ruleset.files |= LL_REFER;
	if (version >= 3)
		ruleset.files |= LL_TRUNCATE;
	if (version >= 6) {
		ruleset.scoped = LL_SCOPE_SIGNAL;
		size = sizeof(ruleset);
	}
	rules = syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
	ok = rules >= 0 && allow(rules, scratch, ruleset.files) &&
		allow(rules, "/dev/null", ruleset.files &
			(LL_WRITE | LL_TRUNCATE)) &&
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close((int)rules);
	return ok;
}

#else

static int
landlock_version(void)
{
	return 0;
}

static bool
landlock_enter(int version, const char *scratch)
{
	(void)version;
	(void)scratch;
	return true;
}

#endif

/* ---- The throw-away user ---- */

static bool
become(uid_t uid)
{
#ifdef __linux__
	return setgroups(0, NULL) == 0 && setgid((gid_t)uid) == 0 &&
		setuid(uid) == 0;
#else
	(void)uid;
	return false;
#endif
}

/* Runs body in a child of its own; true if the child says so. */
static bool
in_child(bool (*body)(uid_t uid), uid_t uid)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(body(uid) ? EXIT_SUCCESS : EXIT_FAILURE);
	while (pid > 0 && waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return false;
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
kill_all_of(uid_t uid)
{
	return become(uid) && (kill(-1, SIGKILL) == 0 || errno == ESRCH);
}

/* ---- The namespace ---- */

#ifdef __linux__

static bool
write_file(const char *name, const char *text)
{
	int file = open(name, O_WRONLY | O_CLOEXEC);
	bool ok = file >= 0 &&
		write(file, text, strlen(text)) == (ssize_t)strlen(text);

	close(file);
	return ok;
}

/* From now on, every child of this process is in the new namespace. */
static bool
namespace_make(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char text[64];

	if (uid == 0)
		return unshare(CLONE_NEWPID) == 0;
	if (unshare(CLONE_NEWUSER | CLONE_NEWPID) != 0 ||
	    !write_file("/proc/self/setgroups", "deny"))
		return false;
	snprintf(text, sizeof(text), "%u %u 1", uid, uid);
	if (!write_file("/proc/self/uid_map", text))
		return false;
	snprintf(text, sizeof(text), "%u %u 1", gid, gid);
	return write_file("/proc/self/gid_map", text);
}

/* In a child: /proc shows this namespace's processes, by their numbers. */
static bool
namespace_enter(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
		mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		mount("proc", "/proc", "proc",
			MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0;
}

static bool
try_enter(uid_t unused)
{
	char name[32] = "";

	(void)unused;
	return namespace_enter() &&
		readlink("/proc/self", name, sizeof(name) - 1) > 0 &&
		atoi(name) == getpid();
}

static bool
try_namespace(uid_t unused)
{
	return namespace_make() && in_child(try_enter, unused);
}

/*
 * The namespace's first process, which no signal from within can end: kills
 * all others when it is told to, and says when they are gone. When the
 * grader is gone it ends, and the kernel kills what there still is.
 */
_Noreturn static void
be_init(int grader)
{
	char word;

	signal(SIGCHLD, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	setsid();
	for (int fd = 0; fd < 1024; fd++)
		if (fd != grader)
			close(fd);
	do {
		kill(-1, SIGKILL);
		while (waitpid(-1, NULL, 0) != -1 || errno == EINTR)
			continue;
	} while (write(grader, "", 1) == 1 && read(grader, &word, 1) == 1);
	_exit(EXIT_SUCCESS);
}

static bool
answered(int init)
{
	char word;
	ssize_t got;

	do
		got = read(init, &word, 1);
	while (got == -1 && errno == EINTR);
	return got == 1;
}

static void
namespace_begin(struct cage *cage)
{
	int ends[2];

	cage->init = -1;
	if (!in_child(try_namespace, 0) ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		return;
	if (!namespace_make())
		return;
	cage->reaper = fork();
	if (cage->reaper == 0)
		be_init(ends[1]);
	close(ends[1]);
	cage->init = ends[0];
	if (cage->reaper == -1 || !answered(cage->init)) {
		perror("run: the namespace has no first process");
		exit(3);
	}
}

#else

static bool
namespace_enter(void)
{
	return false;
}

static bool
answered(int init)
{
	(void)init;
	return false;
}

static void
namespace_begin(struct cage *cage)
{
	cage->init = -1;
}

#endif

/* ---- Interface ---- */

/*
 * No two checks at once may have the same: the end of one would be the end of
 * the other. A container may have 65,536 users only; the process numbers in
 * there seldom differ by 55,000.
 */
static void
choose_user(struct cage *cage)
{
	cage->uid = 1000000 + (uid_t)getpid();
	cage->own_user = geteuid() == 0 && in_child(become, cage->uid);
	if (cage->own_user)
		return;
	cage->uid = 5000 + (uid_t)(getpid() % 55000);
	cage->own_user = geteuid() == 0 && in_child(become, cage->uid);
}

void
cage_choose(struct cage *cage, bool sanitizer)
{
	cage->sanitizer = sanitizer;
	choose_user(cage);
	cage->landlock = landlock_version();
	cage->processes = 256;
	if (!cage->own_user)
		cage->processes += process_threads_of_user(getuid());
#ifdef __linux__
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#endif
	cage->reaper = getpid();
	namespace_begin(cage);
}

/* The limit asked for, or the present one if that is lower. */
static const struct rlimit *
lower(struct rlimit *limits, rlim_t value)
{
	if (limits->rlim_max == RLIM_INFINITY || limits->rlim_max > value)
		limits->rlim_max = value;
	limits->rlim_cur = limits->rlim_max;
	return limits;
}

/* A macro, because the type of `what` differs between systems. */
#define LIMIT(what, value) \
	(getrlimit(what, &limits) == 0 && \
	setrlimit(what, lower(&limits, value)) == 0)

bool
cage_enter(const struct cage *cage, const char *scratch)
{
	struct rlimit limits;
	bool ok = LIMIT(RLIMIT_CORE, 0) && LIMIT(RLIMIT_CPU, 75) &&
		LIMIT(RLIMIT_FSIZE, 16 * MIB) && LIMIT(RLIMIT_NOFILE, 1024) &&
		LIMIT(RLIMIT_STACK, 2 * MIB);

	if (!cage->sanitizer)
		ok = ok && LIMIT(RLIMIT_DATA, 1024 * MIB);
#ifdef RLIMIT_NPROC
	ok = ok && LIMIT(RLIMIT_NPROC, cage->processes);
#endif
	if (cage->own_user)
		ok = ok && chown(scratch, cage->uid, (gid_t)cage->uid) == 0;
	ok = ok && chdir(scratch) == 0;
	if (cage->init >= 0)
		ok = ok && namespace_enter();
	if (cage->own_user)
		ok = ok && become(cage->uid);
	if (cage->landlock > 0)
		ok = ok && landlock_enter(cage->landlock, ".");
	return ok;
}

static void
stop(pid_t pid)
{
	kill(pid, SIGSTOP);
}

static void
end(pid_t pid)
{
	kill(pid, SIGKILL);
}

void
cage_end(const struct cage *cage, pid_t group)
{
	struct timespec pause = { 0, 2000000 };

	if (cage->init >= 0) {
		if (write(cage->init, "", 1) == 1 && answered(cage->init))
			return;
		perror("run: the namespace's first process is gone");
		exit(3);
	}
	if (cage->own_user)
		in_child(kill_all_of, cage->uid);
	kill(-group, SIGKILL);
	for (int round = 0; round < 1000; round++) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid == -1 && errno == ECHILD)
			return;
		if (pid > 0)
			continue;
		process_each(group, getpid(), stop);
		process_each(group, getpid(), end);
		nanosleep(&pause, NULL);
	}
}

void
cage_describe(const struct cage *cage, char *text, size_t size)
{
	snprintf(text, size, "limits%s%s%s%s",
		cage->own_user ? ", a throw-away user" : "",
		cage->init >= 0 ? ", a PID namespace" : "",
		cage->landlock > 0 ? ", Landlock (files)" : "",
		cage->landlock >= 6 ? ", Landlock (signals)" : "");
}
