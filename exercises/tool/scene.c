/* scene.c - gates, tallies, actors, and waiting until nothing moves */
/* SPDX-License-Identifier: MIT */
/*
 * What a check directs threads with. All of it calls the functions behind
 * the wrapped ones, so that no hook is called and nothing is counted.
 *
 * Interface: suite.h ("Directing threads").
 *
 * await_still looks at every other thread of the process twice. If all of
 * them sleep at both looks, and none has been scheduled in between, then
 * from the end of the first look to the start of the second all of them
 * slept, at the same time: none can wake another, so that only the caller,
 * or a time-out, can. A thread's state and how often it was scheduled are
 * in /proc; where there is no /proc, a pause stands in for it. Under the
 * explorer, stillness is what it knows best.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "explore.h"
#include "suite.h"
#include "watch.h"

void
gate_wait(struct gate *gate)
{
	__real_pthread_mutex_lock(&gate->lock);
	gate->waiting++;
	__real_pthread_cond_broadcast(&gate->changed);
	while (!gate->open)
		__real_pthread_cond_wait(&gate->changed, &gate->lock);
	gate->waiting--;
	__real_pthread_mutex_unlock(&gate->lock);
}

void
gate_open(struct gate *gate)
{
	__real_pthread_mutex_lock(&gate->lock);
	gate->open = true;
	__real_pthread_cond_broadcast(&gate->changed);
	__real_pthread_mutex_unlock(&gate->lock);
}

void
gate_await_waiting(struct gate *gate, unsigned waiting)
{
	__real_pthread_mutex_lock(&gate->lock);
	while (gate->waiting < waiting)
		__real_pthread_cond_wait(&gate->changed, &gate->lock);
	__real_pthread_mutex_unlock(&gate->lock);
}

unsigned long
tally_add(struct tally *tally)
{
	unsigned long count;

	__real_pthread_mutex_lock(&tally->lock);
	count = ++tally->count;
	__real_pthread_cond_broadcast(&tally->changed);
	__real_pthread_mutex_unlock(&tally->lock);
	return count;
}

unsigned long
tally_read(struct tally *tally)
{
	unsigned long count;

	__real_pthread_mutex_lock(&tally->lock);
	count = tally->count;
	__real_pthread_mutex_unlock(&tally->lock);
	return count;
}

void
tally_await(struct tally *tally, unsigned long count)
{
	__real_pthread_mutex_lock(&tally->lock);
	while (tally->count < count)
		__real_pthread_cond_wait(&tally->changed, &tally->lock);
	__real_pthread_mutex_unlock(&tally->lock);
}

static void *
act(void *argument)
{
	struct actor *actor = argument;

	actor->body(actor->argument);
	gate_open(&actor->done);
	return NULL;
}

void
actor_start(struct actor *actor, void (*body)(void *argument),
	void *argument)
{
	static const struct gate shut = GATE_SHUT;

	actor->body = body;
	actor->argument = argument;
	actor->done = shut;
	require(__real_pthread_create(&actor->thread, NULL, act, actor) == 0,
		"the check itself could not start a thread");
}

bool
actor_done(struct actor *actor)
{
	bool done;

	__real_pthread_mutex_lock(&actor->done.lock);
	done = actor->done.open;
	__real_pthread_mutex_unlock(&actor->done.lock);
	return done;
}

void
actor_join(struct actor *actor)
{
	__real_pthread_join(actor->thread, NULL);
}

/* ---- Stillness ---- */

static void
pause_ms(long ms)
{
	struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

#ifdef __linux__

/* What the other threads looked like at one time. */
struct look {
	bool asleep;			/* all of them */
	unsigned long threads;
	unsigned long switches;		/* how often they were scheduled */
};

static void
look_at_thread(const char *id, struct look *look)
{
	char name[64], line[128];
	unsigned long switches;
	char state;
	FILE *file;

	snprintf(name, sizeof(name), "/proc/self/task/%.20s/status", id);
	file = fopen(name, "r");
	if (file == NULL) {
		look->asleep = false;	/* it has just ended: look again */
		return;
	}
	look->threads++;
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "State: %c", &state) == 1 && state != 'S')
			look->asleep = false;
		if (sscanf(line, "voluntary_ctxt_switches: %lu",
		    &switches) == 1 ||
		    sscanf(line, "nonvoluntary_ctxt_switches: %lu",
		    &switches) == 1)
			look->switches += switches;
	}
	fclose(file);
}

static void
look_at_others(struct look *look)
{
	struct dirent *entry;
	DIR *folder = opendir("/proc/self/task");
	char self[64];
	ssize_t length;

	*look = (struct look){ .asleep = true };
	require(folder != NULL, "the check itself could not read /proc");
	length = readlink("/proc/thread-self", self, sizeof(self) - 1);
	require(length > 0, "the check itself could not read /proc");
	self[length] = '\0';
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.' &&
		    strcmp(entry->d_name, strrchr(self, '/') + 1) != 0)
			look_at_thread(entry->d_name, look);
	closedir(folder);
}

static void
await_real_stillness(void)
{
	struct look first, second;

	do {
		look_at_others(&first);
		pause_ms(2);
		look_at_others(&second);
	} while (!first.asleep || !second.asleep ||
	    first.threads != second.threads ||
	    first.switches != second.switches);
}

#else

static void
await_real_stillness(void)
{
	pause_ms(300);
}

#endif

void
await_still(void)
{
	if (explore_active())
		explore_await_still();
	else
		await_real_stillness();
}
