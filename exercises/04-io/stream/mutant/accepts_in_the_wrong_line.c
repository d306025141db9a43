/* accepts_in_the_wrong_line.c - takes an accept for no read, and so for a write */
/* SPDX-License-Identifier: MIT */
/*
 * check: each_direction_goes_on_by_itself
 * message: an accept that waited did not end
 */
#include <poll.h>

#include "file.h"

static struct tp_channel *
channel_of(const struct tp_request *request)
{
	struct tp_file *file = request->file;

	return request->operation != TP_READ ? &file->writing :
		&file->reading;
}

static struct tp_request *
first_locked(const struct tp_channel *channel)
{
	struct tp_list *node = tp_list_first(&channel->waiting);

	return node == NULL ? NULL :
		tp_container(node, struct tp_request, queue);
}

static bool
is_worth_watching(const struct tp_channel *channel)
{
	return !channel->busy && !tp_list_empty(&channel->waiting);
}

/*
 * Has the poller report when something in line could go on. Whoever tries
 * the first of a channel does this afterwards: until then the descriptor may
 * be ready all the time, and the dispatcher would be told so all the time.
 */
static void
arm_locked(struct tp_file *file)
{
	short events = 0;

	if (is_worth_watching(&file->reading))
		events |= POLLIN;
	if (is_worth_watching(&file->writing))
		events |= POLLOUT;
	if (events != 0)
		tp_poller_arm_locked(&file->watch, events);
}

/*
 * Tries the request, the first in line of a channel that is not busy. If
 * that ends it, it has left the line, and the caller must say so.
 */
static DWORD
try_locked(struct tp_channel *channel, struct tp_request *request)
{
	DWORD error;

	channel->busy = true;
	tp_unlock(&tp_waitable_lock);
	error = tp_transfer(request);
	tp_lock(&tp_waitable_lock);
	channel->busy = false;
	if (error == ERROR_IO_PENDING && request->cancelled)
		error = ERROR_OPERATION_ABORTED;
	if (error != ERROR_IO_PENDING)
		tp_list_remove(&request->queue);
	return error;
}

/* Goes on with those in line, unless somebody is at it. */
static void
serve_locked(struct tp_channel *channel)
{
	struct tp_request *request;
	DWORD error = NO_ERROR;

	while (!channel->busy && error != ERROR_IO_PENDING &&
	    (request = first_locked(channel)) != NULL) {
		error = try_locked(channel, request);
		if (error != ERROR_IO_PENDING)
			tp_request_end_locked(request, error);
	}
}

/*
 * Performed after the poller has reported. The file is in use until then.
 * What this asks to be done later is done by whoever performs it.
 */
static void
look(struct tp_later *later)
{
	struct tp_file *file = tp_container(later, struct tp_file, look);

	tp_lock(&tp_waitable_lock);
	serve_locked(&file->reading);
	serve_locked(&file->writing);
	arm_locked(file);
	tp_waitable_unuse_locked(&file->waitable);
	tp_unlock(&tp_waitable_lock);
}

/* See struct tp_watch. */
static void
ready(struct tp_watch *watch)
{
	struct tp_file *file = tp_container(watch, struct tp_file, watch);

	if (!tp_list_empty(&file->look.link))
		return;
	tp_waitable_use_locked(&file->waitable);
	tp_waitable_later_locked(&file->look);
}

/* Prepares what this file uses of a new file. */
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

/* See struct tp_medium. */
static DWORD
start(struct tp_request *request)
{
	struct tp_channel *channel = channel_of(request);
	struct tp_file *file = request->file;
	bool is_first = tp_list_empty(&channel->waiting);
	DWORD error = ERROR_IO_PENDING;

	tp_list_append(&channel->waiting, &request->queue);
	if (is_first) {
		error = try_locked(channel, request);
		arm_locked(file);
	}
	if (error != ERROR_OPERATION_ABORTED)
		return error;
	/* It would have been pending, had nobody cancelled it. */
	tp_request_end_locked(request, error);
	return ERROR_IO_PENDING;
}

/* See struct tp_medium. */
static void
cancel(struct tp_request *request)
{
	struct tp_channel *channel = channel_of(request);

	request->cancelled = true;
	if (channel->busy && first_locked(channel) == request)
		return;
	tp_list_remove(&request->queue);
	tp_request_end_locked(request, ERROR_OPERATION_ABORTED);
}

const struct tp_medium tp_stream = { start, cancel };
