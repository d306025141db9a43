/* poller_first.c - right: nobody tries before the poller has said so */
/* SPDX-License-Identifier: MIT */
/*
 * A request only gets in line. It is the dispatcher that tries, and nobody
 * else: so nothing is tried by two. After each report the first of each line
 * is tried, once; arming asks anew whether there is more.
 */
#include <poll.h>

#include "file.h"

static struct tp_channel *
channel_of(const struct tp_request *request)
{
	return request->operation == TP_WRITE ? &request->file->writing :
		&request->file->reading;
}

static void
arm_locked(struct tp_file *file)
{
	short events = 0;

	if (!tp_list_empty(&file->reading.waiting))
		events = POLLIN;
	if (!tp_list_empty(&file->writing.waiting))
		events |= POLLOUT;
	if (events != 0)
		tp_poller_arm_locked(&file->watch, events);
}

static void
try_first_locked(struct tp_channel *channel)
{
	struct tp_list *node = tp_list_first(&channel->waiting);
	struct tp_request *request;
	DWORD error;

	if (node == NULL)
		return;
	request = tp_container(node, struct tp_request, queue);
	channel->busy = true;
	tp_unlock(&tp_waitable_lock);
	error = tp_transfer(request);
	tp_lock(&tp_waitable_lock);
	channel->busy = false;
	if (error == ERROR_IO_PENDING && !request->cancelled)
		return;
	tp_list_remove(&request->queue);
	tp_request_end_locked(request, error == ERROR_IO_PENDING ?
		ERROR_OPERATION_ABORTED : error);
}

static void
look(struct tp_later *later)
{
	struct tp_file *file = tp_container(later, struct tp_file, look);

	tp_lock(&tp_waitable_lock);
	try_first_locked(&file->reading);
	try_first_locked(&file->writing);
	arm_locked(file);
	tp_waitable_unuse_locked(&file->waitable);
	tp_waitable_unlock();
}

/* One look at a time: it arms again when it is over. */
static void
ready(struct tp_watch *watch)
{
	struct tp_file *file = tp_container(watch, struct tp_file, watch);

	if (!tp_list_empty(&file->look.link) || file->reading.busy ||
	    file->writing.busy)
		return;
	tp_waitable_use_locked(&file->waitable);
	tp_waitable_later_locked(&file->look);
}

void
tp_stream_init(struct tp_file *file)
{
	tp_list_init(&file->reading.waiting);
	tp_list_init(&file->writing.waiting);
	tp_list_init(&file->watch.link);
	tp_list_init(&file->look.link);
	file->watch.ready = ready;
	file->look.perform = look;
}

static DWORD
start(struct tp_request *request)
{
	tp_list_append(&channel_of(request)->waiting, &request->queue);
	arm_locked(request->file);
	return ERROR_IO_PENDING;
}

static void
cancel(struct tp_request *request)
{
	struct tp_channel *channel = channel_of(request);

	request->cancelled = true;
	if (channel->busy && channel->waiting.next == &request->queue)
		return;
	tp_list_remove(&request->queue);
	tp_request_end_locked(request, ERROR_OPERATION_ABORTED);
}

const struct tp_medium tp_stream = { start, cancel };
