/* request.c - the life of a request to read or to write */
/* SPDX-License-Identifier: MIT */
/*
 * A request is made, it begins, it ends once. In between it is in the list
 * of its file, where it can be found to be cancelled, and uses the file: so
 * closing the file's handle does not pull the descriptor away from under a
 * thread that reads.
 *
 * Its end is one step under the lock: out of the list, the OVERLAPPED says
 * how it went, the event is set, the port told. Whoever waits for any of
 * these sees the others as well. InternalHigh is written first, and Internal
 * in a way that lets a thread look at it without the lock (that is what
 * HasOverlappedIoCompleted does): who sees the end, sees the number.
 *
 * Interface: tp_request_new, tp_request_issue, tp_request_end_locked,
 * tp_requests_cancel_locked; for ports tp_completion_free.
 *
 * Locks: tp_waitable_lock.
 */
#include <stdlib.h>

#include "file.h"

/* ---- What the OVERLAPPED says ---- */

/* An error code as Internal has it: the status that Windows makes of it. */
static ULONG_PTR
status_of(DWORD error)
{
	return error == NO_ERROR ? 0 : 0xC0070000u | error;
}

static void
say_pending(OVERLAPPED *overlapped)
{
	overlapped->InternalHigh = 0;
	__atomic_store_n(&overlapped->Internal, STATUS_PENDING,
		__ATOMIC_RELEASE);
}

static void
say_ended(OVERLAPPED *overlapped, DWORD error, size_t bytes)
{
	overlapped->InternalHigh = bytes;
	__atomic_store_n(&overlapped->Internal, status_of(error),
		__ATOMIC_RELEASE);
}

/* ---- Making and freeing ---- */

static struct tp_request *
of_completion(struct tp_completion *completion)
{
	return tp_container(completion, struct tp_request, completion);
}

/* Nobody but the caller knows it any more. No lock is held. */
void
tp_completion_free(struct tp_completion *completion)
{
	free(of_completion(completion));
}

static void
free_later(struct tp_later *later)
{
	tp_completion_free(tp_container(later, struct tp_completion, later));
}

/* A request that has not begun; NULL: no memory. */
struct tp_request *
tp_request_new(enum tp_operation operation)
{
	struct tp_request *request = calloc(1, sizeof(*request));

	if (request == NULL)
		return NULL;
	request->operation = operation;
	request->completion.later.perform = free_later;
	tp_list_init(&request->completion.later.link);
	tp_list_init(&request->completion.link);
	tp_list_init(&request->queue);
	tp_list_init(&request->link);
	return request;
}

/* ---- Beginning ---- */

/* The file and the event that the request is to use; 0 or an error code. */
static DWORD
look_up_locked(struct tp_request *request, HANDLE handle)
{
	const OVERLAPPED *overlapped = request->completion.overlapped;

	request->file = tp_file_of_locked(handle);
	if (request->file == NULL)
		return ERROR_INVALID_HANDLE;
	if (request->file->medium == NULL || overlapped == NULL)
		return ERROR_INVALID_PARAMETER;
	if (request->buffer == NULL && request->size > 0)
		return ERROR_NOACCESS;			/* IO-05 */
	if (request->operation == TP_ACCEPT && !request->file->is_socket)
		return ERROR_NOT_SUPPORTED;
	request->positioned = request->file->medium == &tp_disk;
	request->offset = (uint64_t)overlapped->OffsetHigh << 32 |
		overlapped->Offset;
	if (overlapped->hEvent == NULL)
		return NO_ERROR;
	request->event = tp_event_of_locked(overlapped->hEvent);
	return request->event == NULL ? ERROR_INVALID_HANDLE : NO_ERROR;
}

static void
begin_locked(struct tp_request *request)
{
	struct tp_file *file = request->file;

	tp_waitable_use_locked(&file->waitable);
	if (request->event != NULL) {
		tp_waitable_use_locked(request->event);
		tp_event_set_locked(request->event, false);
	}
	file->signalled = false;
	request->issuer = GetCurrentThreadId();
	tp_list_append(&file->requests, &request->link);
	say_pending(request->completion.overlapped);
	request->completion.port = file->port;
	if (file->port != NULL)
		file->port->ops->begin(file->port, &request->completion);
}

/* ---- Ending ---- */

/* What every end has in common: nobody finds it, the program can see it. */
static void
settle_locked(struct tp_request *request, DWORD error)
{
	tp_assert_held(&tp_waitable_lock);
	tp_list_remove(&request->link);
	request->completion.error = error;
	request->completion.bytes = request->done;
	say_ended(request->completion.overlapped, error, request->done);
	if (request->connection != NULL)
		tp_waitable_unuse_locked(&request->connection->waitable);
}

/* Has waiters see it: those of the event, or of the file, and those asleep. */
static void
signal_locked(struct tp_request *request)
{
	struct tp_file *file = request->file;

	if (request->event != NULL)
		tp_event_set_locked(request->event, true);
	if ((file->modes & FILE_SKIP_SET_EVENT_ON_HANDLE) == 0) {
		file->signalled = true;
		tp_waitable_signalled_locked(&file->waitable);
	}
	tp_cond_broadcast(&file->ended);
}

/* Gives up what a request uses, which may have been freed by now. */
static void
let_go_locked(struct tp_file *file, struct tp_waitable *event)
{
	if (event != NULL)
		tp_waitable_unuse_locked(event);
	tp_waitable_unuse_locked(&file->waitable);
}

/*
 * A request that was pending has ended. error: NO_ERROR or a code.
 * The port it began with is told, unless that has been unbound since.
 */
void
tp_request_end_locked(struct tp_request *request, DWORD error)
{
	struct tp_file *file = request->file;
	struct tp_waitable *event = request->event;
	struct tp_port *port = file->port;

	settle_locked(request, error);
	signal_locked(request);
	/* If the port takes it, a callback may free it at any time. */
	if (port == NULL || !port->ops->end(port, &request->completion))
		tp_waitable_later_locked(&request->completion.later);
	let_go_locked(file, event);
}

/*
 * It has ended in the call that made it. A failure is nobody's business but
 * the caller's; a success is the port's too, unless the file skips it.
 */
static void
end_at_once_locked(struct tp_request *request, DWORD error)
{
	struct tp_file *file = request->file;
	struct tp_port *port = file->port;
	bool skip = file->modes & FILE_SKIP_COMPLETION_PORT_ON_SUCCESS;

	if (error == NO_ERROR && (port == NULL || !skip)) {
		tp_request_end_locked(request, error);
		return;
	}
	settle_locked(request, error);
	if (error == NO_ERROR)
		signal_locked(request);
	if (port != NULL)
		port->ops->withdraw(port, &request->completion);
	tp_waitable_later_locked(&request->completion.later);
	let_go_locked(file, request->event);
}

/*
 * Makes the request, to the file of that handle, opened for overlapped I/O,
 * and takes it over.
 *
 * overlapped: the program's. moved: receives the bytes if it ends at once;
 * NULL: nobody asks.
 * Returns NO_ERROR: it has ended well; ERROR_IO_PENDING: it will end; an
 * error code: it has failed, or has not even begun.
 * Locks: takes tp_waitable_lock.
 */
DWORD
tp_request_issue(struct tp_request *request, HANDLE handle,
	OVERLAPPED *overlapped, DWORD *moved)
{
	DWORD error;

	request->completion.overlapped = overlapped;
	tp_lock(&tp_waitable_lock);
	error = look_up_locked(request, handle);
	if (error != NO_ERROR) {
		if (request->connection != NULL)
			tp_waitable_unuse_locked(
				&request->connection->waitable);
		tp_waitable_later_locked(&request->completion.later);
	} else {
		begin_locked(request);
		error = request->file->medium->start(request);
		if (error != ERROR_IO_PENDING) {
			if (moved != NULL)
				*moved = (DWORD)request->done;
			end_at_once_locked(request, error);
		}
	}
	tp_waitable_unlock();
	return error;
}

/* ---- Cancelling ---- */

/*
 * Cancels the requests of a file: all (overlapped NULL), or those that were
 * made with that one; of all threads (issuer 0) or of one. Returns how many.
 */
unsigned
tp_requests_cancel_locked(struct tp_file *file, const OVERLAPPED *overlapped,
	DWORD issuer)
{
	struct tp_list *node, *next;
	unsigned found = 0;

	tp_assert_held(&tp_waitable_lock);
	for (node = file->requests.next; node != &file->requests;
	     node = next) {
		struct tp_request *request =
			tp_container(node, struct tp_request, link);

		next = node->next;
		if ((overlapped != NULL &&
		     request->completion.overlapped != overlapped) ||
		    (issuer != 0 && request->issuer != issuer))
			continue;
		found++;
		file->medium->cancel(request);
	}
	return found;
}
