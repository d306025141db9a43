/* own_lines.c - right: whoever tries a request has taken it out of the line */
/* SPDX-License-Identifier: MIT */
/*
 * A request that is in line waits; one that is in none is in somebody's
 * hands. Whoever serves a line goes on until it is empty or the system says
 * that it would block, and then puts the request back to the front. Whoever
 * makes a request serves the line, too, unless it is served already.
 */
#include <poll.h>

#include "file.h"

static struct tp_channel *
channel_of(const struct tp_request *request)
{
	if (request->operation != TP_WRITE)
		return &request->file->reading;
	return &request->file->writing;
}

/* In somebody's hands: it is in no line. */
static DWORD
carry_out_locked(struct tp_request *request)
{
	DWORD error;

	tp_list_remove(&request->queue);
	tp_unlock(&tp_waitable_lock);
	error = tp_transfer(request);
	tp_lock(&tp_waitable_lock);
	return error == ERROR_IO_PENDING && request->cancelled ?
		ERROR_OPERATION_ABORTED : error;
}

static void
serve_locked(struct tp_channel *channel)
{
	struct tp_list *node;

	if (channel->busy)
		return;
	channel->busy = true;
	while ((node = tp_list_first(&channel->waiting)) != NULL) {
		struct tp_request *request =
			tp_container(node, struct tp_request, queue);
		DWORD error = carry_out_locked(request);

		if (error == ERROR_IO_PENDING) {
			tp_list_push(&channel->waiting, &request->queue);
			break;
		}
		tp_request_end_locked(request, error);
	}
	channel->busy = false;
}

/* Who serves a line says himself what is still wanted, when he is done. */
static void
serve_file_locked(struct tp_file *file)
{
	bool reads, writes;

	serve_locked(&file->reading);
	serve_locked(&file->writing);
	reads = !file->reading.busy &&
		!tp_list_empty(&file->reading.waiting);
	writes = !file->writing.busy &&
		!tp_list_empty(&file->writing.waiting);
	if (reads || writes)
		tp_poller_arm_locked(&file->watch, (short)((reads ? POLLIN :
			0) | (writes ? POLLOUT : 0)));
}

static void
look(struct tp_later *later)
{
	struct tp_file *file = tp_container(later, struct tp_file, look);

	tp_lock(&tp_waitable_lock);
	serve_file_locked(file);
	tp_waitable_unuse_locked(&file->waitable);
	tp_unlock(&tp_waitable_lock);
}

static void
ready(struct tp_watch *watch)
{
	struct tp_file *file = tp_container(watch, struct tp_file, watch);

	if (tp_list_empty(&file->look.link))
		tp_waitable_use_locked(&file->waitable);
	tp_waitable_later_locked(&file->look);
}

void
tp_stream_init(struct tp_file *file)
{
	struct tp_list *lists[] = { &file->reading.waiting,
		&file->writing.waiting, &file->watch.link, &file->look.link };

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		tp_list_init(lists[i]);
	file->watch.ready = ready;
	file->look.perform = look;
}

/*
 * It may have ended, and be gone, when its line has been served: what uses
 * the file meanwhile is this.
 */
static DWORD
start(struct tp_request *request)
{
	struct tp_file *file = request->file;

	tp_waitable_use_locked(&file->waitable);
	tp_list_append(&channel_of(request)->waiting, &request->queue);
	serve_file_locked(file);
	tp_waitable_unuse_locked(&file->waitable);
	return ERROR_IO_PENDING;
}

static void
cancel(struct tp_request *request)
{
	request->cancelled = true;
	if (tp_list_empty(&request->queue))
		return;
	tp_list_remove(&request->queue);
	tp_request_end_locked(request, ERROR_OPERATION_ABORTED);
}

const struct tp_medium tp_stream = { start, cancel };
