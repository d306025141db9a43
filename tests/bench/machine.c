/*
 * machine.c - clock, thread, memory and sleep of the machine under test
 * SPDX-License-Identifier: MIT
 *
 * Two halves with the same functions: Windows (which here means Wine, or
 * the real one) and POSIX. Memory is the resident set, as the system sees
 * it, because a pool may have an allocator of its own, which malloc's
 * statistics do not show. On POSIX systems without Linux's /proc, memory
 * and threads are unknown, and the metrics that need them are left out.
 *
 * Interface: machine_now, machine_sleep, machine_yield, machine_start,
 * machine_join, machine_place, machine_memory, machine_threads,
 * machine_processor_time, machine_descriptors, machine_descriptor_limit
 */

#ifdef __linux__
#define _GNU_SOURCE		/* sched_setaffinity */
#endif
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "machine.h"

#ifdef _WIN32

#include <windows.h>
#include <psapi.h>
#include <tlhelp32.h>

struct machine_thread {
	HANDLE handle;
	void (*fn)(void *);
	void *arg;
};

static DWORD WINAPI
enter(LPVOID arg)
{
	struct machine_thread *thread = arg;

	thread->fn(thread->arg);
	return 0;
}

int64_t
machine_now(void)
{
	LARGE_INTEGER ticks;
	LARGE_INTEGER per_second;

	QueryPerformanceCounter(&ticks);
	QueryPerformanceFrequency(&per_second);
	return ticks.QuadPart * (1000000000 / per_second.QuadPart);
}

void
machine_sleep(int64_t ns)
{
	Sleep((DWORD)((ns + 999999) / 1000000));
}

void
machine_yield(void)
{
	SwitchToThread();
}

struct machine_thread *
machine_start(void (*fn)(void *), void *arg)
{
	struct machine_thread *thread = malloc(sizeof(*thread));

	if (thread == NULL)
		bench_fail("no memory for a thread");
	thread->fn = fn;
	thread->arg = arg;
	thread->handle = CreateThread(NULL, 0, enter, thread, 0, NULL);
	if (thread->handle == NULL)
		bench_fail("cannot start a thread");
	return thread;
}

void
machine_join(struct machine_thread *thread)
{
	WaitForSingleObject(thread->handle, INFINITE);
	CloseHandle(thread->handle);
	free(thread);
}

void
machine_place(int first)
{
	DWORD_PTR process;
	DWORD_PTR system;
	DWORD_PTR lowest;

	if (!GetProcessAffinityMask(GetCurrentProcess(), &process, &system))
		return;
	lowest = process & (~process + 1);
	if (process != lowest)
		SetThreadAffinityMask(GetCurrentThread(),
		    first ? lowest : process & ~lowest);
}

int64_t
machine_memory(void)
{
	PROCESS_MEMORY_COUNTERS counters;

	if (!GetProcessMemoryInfo(GetCurrentProcess(), &counters,
	    sizeof(counters)))
		return 0;
	return (int64_t)counters.WorkingSetSize;
}

int
machine_threads(void)
{
	HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
	THREADENTRY32 entry = { .dwSize = sizeof(entry) };
	int count = 0;

	for (BOOL more = Thread32First(all, &entry); more;
	    more = Thread32Next(all, &entry))
		if (entry.th32OwnerProcessID == GetCurrentProcessId())
			count++;
	CloseHandle(all);
	return count;
}

static int64_t
time_of(const FILETIME *time)
{
	return (int64_t)time->dwHighDateTime << 32 | time->dwLowDateTime;
}

int64_t
machine_processor_time(void)
{
	FILETIME created;
	FILETIME ended;
	FILETIME kernel;
	FILETIME user;

	if (!GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel,
	    &user))
		return 0;
	return 100 * (time_of(&kernel) + time_of(&user));
}

int
machine_descriptors(void)
{
	return 0;
}

long
machine_descriptor_limit(void)
{
	return 0;
}

#else

#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct machine_thread {
	pthread_t id;
	void (*fn)(void *);
	void *arg;
};

static void *
enter(void *arg)
{
	struct machine_thread *thread = arg;

	thread->fn(thread->arg);
	return NULL;
}

int64_t
machine_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void
machine_sleep(int64_t ns)
{
	struct timespec left = {
		.tv_sec = (time_t)(ns / 1000000000),
		.tv_nsec = (long)(ns % 1000000000)
	};

	while (nanosleep(&left, &left) != 0)
		continue;
}

void
machine_yield(void)
{
	sched_yield();
}

struct machine_thread *
machine_start(void (*fn)(void *), void *arg)
{
	struct machine_thread *thread = malloc(sizeof(*thread));

	if (thread == NULL)
		bench_fail("no memory for a thread");
	thread->fn = fn;
	thread->arg = arg;
	if (pthread_create(&thread->id, NULL, enter, thread) != 0)
		bench_fail("cannot start a thread");
	return thread;
}

void
machine_join(struct machine_thread *thread)
{
	pthread_join(thread->id, NULL);
	free(thread);
}

#ifdef __linux__

void
machine_place(int first)
{
	static cpu_set_t all;
	cpu_set_t some;
	size_t lowest = 0;

	if (CPU_COUNT(&all) == 0 && sched_getaffinity(0, sizeof(all), &all))
		return;
	while (lowest < CPU_SETSIZE - 1 && !CPU_ISSET(lowest, &all))
		lowest++;
	if (CPU_COUNT(&all) < 2)
		return;
	some = all;
	CPU_CLR(lowest, &some);
	if (first) {
		CPU_ZERO(&some);
		CPU_SET(lowest, &some);
	}
	sched_setaffinity(0, sizeof(some), &some);
}

#else

void
machine_place(int first)
{
	(void)first;
}

#endif

int64_t
machine_memory(void)
{
	FILE *statm = fopen("/proc/self/statm", "r");
	long total;
	long resident = 0;

	if (statm == NULL)
		return 0;
	if (fscanf(statm, "%ld %ld", &total, &resident) != 2)
		resident = 0;
	fclose(statm);
	return (int64_t)resident * sysconf(_SC_PAGESIZE);
}

/* A folder has a link for each folder in it, and two of its own. */
int
machine_threads(void)
{
	struct stat status;

	if (stat("/proc/self/task", &status) != 0)
		return 0;
	return (int)status.st_nlink - 2;
}

int64_t
machine_processor_time(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

/* Two entries are the folder's own, and one descriptor is for reading it. */
int
machine_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = -3;

	if (folder == NULL)
		return 0;
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

long
machine_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 0;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	return getrlimit(RLIMIT_NOFILE, &limit) ? 0 : limit.rlim_cur >
	    1000000 ? 1000000 : (long)limit.rlim_cur;
}

#endif
