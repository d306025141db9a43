/*
 * bench_tbb.cpp - oneTBB: a task arena, and a task group inside it
 * SPDX-License-Identifier: MIT
 *
 * A post from outside is task_arena::enqueue, the call for work that nobody
 * on the posting thread waits for. A post from an item is task_group::run,
 * which puts the task where the same thread will look next. Running tasks
 * from outside through arena.execute and a group costs more in every
 * metric, and so is not the way taken here.
 *
 * The arena has a slot for each processor and none for the submitter, who
 * only posts, as with the other pools; oneTBB counts the submitter in its
 * limit of threads, so the limit is one higher.
 */

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#include "bench.h"

using namespace oneapi;

static tbb::global_control *limit;
static tbb::task_arena *arena;
static tbb::task_group *group;

int
peer_open(int lanes, int workers)
{
	int size = workers ? workers : tbb::info::default_concurrency();

	(void)lanes;
	limit = new tbb::global_control(
	    tbb::global_control::max_allowed_parallelism, (size_t)size + 1);
	arena = new tbb::task_arena(size, 0);
	arena->initialize();
	group = new tbb::task_group;
	return size;
}

void
peer_post(int lane, void *item)
{
	auto task = [item] { bench_item(item); };

	if (lane == BENCH_CALLBACK)
		group->run(task);
	else
		arena->enqueue(task);
}

int
peer_prepare(void *item)
{
	(void)item;
	return 0;
}

void
peer_repost(int lane)
{
	(void)lane;
}

void
peer_finish(int lane)
{
	(void)lane;
}

void
peer_sleep(unsigned ms)
{
	bench_sleep(ms);
}

void
peer_close(void)
{
	arena->execute([] { group->wait(); });
	delete group;
	delete arena;
	delete limit;
}
