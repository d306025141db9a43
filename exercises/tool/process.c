/* process.c - looking at a process from outside */
/* SPDX-License-Identifier: MIT */
/*
 * How the grader tells a hang from slowness: not by the clock, but by
 * looking. A process of which every thread sleeps, look after look, and
 * none has been scheduled in between, has nothing to wake it. Processor
 * time tells an endless loop from a machine that is merely busy.
 *
 * All of it is read from /proc. Where there is none, process_look says so
 * and the grader is left with the limits of the system.
 */
#include "process.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The fields of /proc/PID/stat that are used here. */
struct stat_line {
	char state;
	int parent, group;
	unsigned long user, system;	/* clock ticks */
	long threads;
	long pages;			/* of memory, at this moment */
};

static bool
read_stat(pid_t pid, struct stat_line *line)
{
	char name[64], text[1024];
	const char *rest;
	size_t length;
	FILE *file;

	snprintf(name, sizeof(name), "/proc/%ld/stat", (long)pid);
	file = fopen(name, "r");
	if (file == NULL)
		return false;
	length = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[length] = '\0';
	rest = strrchr(text, ')');	/* the name may contain anything */
	return rest != NULL && sscanf(rest + 1,
		" %c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d"
		" %*d %*d %ld %*d %*u %*u %ld", &line->state, &line->parent,
		&line->group, &line->user, &line->system, &line->threads,
		&line->pages) == 7;
}

static void
look_at_thread(pid_t pid, const char *id, struct look *look)
{
	char name[80], line[128];
	unsigned long switches;
	char state;
	FILE *file;

	snprintf(name, sizeof(name), "/proc/%ld/task/%.20s/status",
		(long)pid, id);
	file = fopen(name, "r");
	if (file == NULL) {
		look->asleep = false;
		return;
	}
	look->threads++;
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "State: %c", &state) == 1 &&
		    strchr("SZ", state) == NULL) {
			look->asleep = false;
			look->runnable |= state == 'R';
		}
		if (sscanf(line, "voluntary_ctxt_switches: %lu",
		    &switches) == 1 ||
		    sscanf(line, "nonvoluntary_ctxt_switches: %lu",
		    &switches) == 1)
			look->switches += switches;
	}
	fclose(file);
}

static void
look_at_threads(pid_t pid, struct look *look)
{
	struct dirent *entry;
	char name[64];
	DIR *folder;

	snprintf(name, sizeof(name), "/proc/%ld/task", (long)pid);
	folder = opendir(name);
	if (folder == NULL) {
		look->asleep = false;
		return;
	}
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			look_at_thread(pid, entry->d_name, look);
	closedir(folder);
}

static bool
look_at_process(pid_t pid, struct look *look)
{
	unsigned long ticks = (unsigned long)sysconf(_SC_CLK_TCK);
	struct stat_line line;

	if (!read_stat(pid, &line))
		return false;
	look->cpu_ms += (long)((line.user + line.system) * 1000 / ticks);
	look->own_ms += (long)(line.user * 1000 / ticks);
	look->memory_kib += line.pages * (sysconf(_SC_PAGESIZE) / 1024);
	look_at_threads(pid, look);
	return true;
}

static struct look *looking;
static pid_t looking_at;

static void
look_at_other(pid_t pid)
{
	if (pid == looking_at)
		return;
	looking->processes++;
	look_at_process(pid, looking);
}

bool
process_look(pid_t pid, pid_t reaper, struct look *look)
{
	*look = (struct look){ .asleep = true, .processes = 1 };
	if (!look_at_process(pid, look))
		return false;
	looking = look;
	looking_at = pid;
	process_each(pid, reaper, look_at_other);
	return true;
}

unsigned long
process_threads_of_user(uid_t uid)
{
	unsigned long threads = 0;
	struct dirent *entry;
	struct stat_line line;
	struct stat status;
	char name[300];
	DIR *folder = opendir("/proc");

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		snprintf(name, sizeof(name), "/proc/%s", entry->d_name);
		if (atoi(entry->d_name) > 0 && stat(name, &status) == 0 &&
		    status.st_uid == uid &&
		    read_stat(atoi(entry->d_name), &line))
			threads += (unsigned long)line.threads;
	}
	if (folder != NULL)
		closedir(folder);
	return threads;
}

void
process_each(pid_t group, pid_t parent, void (*each)(pid_t pid))
{
	struct dirent *entry;
	struct stat_line line;
	DIR *folder = opendir("/proc");

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		pid_t pid = atoi(entry->d_name);

		/*
		 * A process of anybody's that is just being buried has -1 as
		 * its group: -1 must never match.
		 */
		if (pid > 0 && read_stat(pid, &line) &&
		    ((group > 0 && line.group == group) ||
		    line.parent == parent))
			each(pid);
	}
	if (folder != NULL)
		closedir(folder);
}
