/* tries_in_the_report.c - tries in ready, and drops the poller's lock */
/* SPDX-License-Identifier: MIT */
/*
 * check: one_thread_tries_at_a_time
 * message: Memory is used after it was freed
 */
#include <poll.h>

#include "file.h"

static struct tp_channel *
channel_of(const struct tp_request *request)
{
	struct tp_file *file = request->file;

	return request->operation == TP_WRITE ? &file->writing :
		&file->reading;
}

static struct tp_request *
first_locked(const struct tp_channel *channel)
{
	return tp_list_empty(&channel->waiting) ? NULL : tp_container(
		channel->waiting.next, struct tp_request, queue);
}

static bool
wants_locked(const struct tp_channel *channel)
{
	return !channel->busy && first_locked(channel) != NULL;
}

static void
arm_locked(struct tp_file *file)
{
	int events = 0;

	if (wants_locked(&file->reading))
		events |= POLLIN;
	if (wants_locked(&file->writing))
		events |= POLLOUT;
	if (events != 0)
		tp_poller_arm_locked(&file->watch, (short)events);
}

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

static void
serve_locked(struct tp_channel *channel)
{
	struct tp_request *request;

	while (!channel->busy && (request = first_locked(channel)) != NULL) {
		DWORD error = try_locked(channel, request);

		if (error == ERROR_IO_PENDING)
			return;
		tp_request_end_locked(request, error);
	}
}

static void
ready(struct tp_watch *watch)
{
	struct tp_file *file = tp_container(watch, struct tp_file, watch);

	serve_locked(&file->reading);
	serve_locked(&file->writing);
	arm_locked(file);
}

void
tp_stream_init(struct tp_file *file)
{
	tp_list_init(&file->reading.waiting);
	tp_list_init(&file->writing.waiting);
	tp_list_init(&file->watch.link);
	tp_list_init(&file->look.link);
	file->watch.ready = ready;
}

static DWORD
start(struct tp_request *request)
{
	struct tp_channel *channel = channel_of(request);
	bool is_first = first_locked(channel) == NULL;
	DWORD error = ERROR_IO_PENDING;

	tp_list_append(&channel->waiting, &request->queue);
	if (is_first) {
		error = try_locked(channel, request);
		arm_locked(request->file);
	}
	if (error == ERROR_OPERATION_ABORTED) {
		tp_request_end_locked(request, error);
		error = ERROR_IO_PENDING;
	}
	return error;
}

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
