/* disk_uring.c - io_uring: the kernel carries requests out by itself */
/* SPDX-License-Identifier: MIT */
/*
 * Requests are written into a ring of memory that the process shares with
 * the kernel, as many as there are, and one system call hands them over;
 * what has become of them is read from a second ring. liburing knows how.
 *
 * The rings are used in turns. One turn ends the requests that the kernel
 * has completed, and hands over those that wait in line. It is due when the
 * ring's descriptor is ready, as the poller says: to be read, if something
 * has been completed; to be written, if there is room. So somebody with a
 * request puts it in line and has the poller look for room, no more.
 *
 * It is the dispatcher that takes turns (any thread that drops the lock may
 * help it, now and then), and not the thread that makes the request, though
 * that would save a wake-up. For the kernel works on behalf of the thread
 * that has handed a request over: it interrupts what that thread sleeps in,
 * and gives the request up when that thread ends.
 *
 * No more requests are handed over than the second ring has room for, so
 * that no completion is lost; the rest stay in line.
 *
 * Interface: tp_disk_uring. Built without liburing: it cannot be opened.
 *
 * Locks: tp_waitable_lock, but during the system call.
 */
#if TP_URING

#define _GNU_SOURCE		/* for liburing.h */
#include <errno.h>
#include <liburing.h>
#include <poll.h>
#include <unistd.h>

#include "disk.h"

#define ENTRIES		256	/* of the first ring; the second has twice */
#define BATCH		64	/* requests in a turn */
#define SMALL		16384	/* bytes: moved at once, if they are there */

/* Used by whoever takes a turn. */
static struct io_uring ring;
static unsigned entered;	/* in the first ring, and not completed */

/* Guarded by tp_waitable_lock. */
static struct tp_list line = TP_LIST_INIT(line);	/* to hand over */
static struct tp_list recalled = TP_LIST_INIT(recalled); /* to cancel */
static bool in_turn;		/* somebody takes one, or is about to */

/* ---- Turns ---- */

static void take_turn(struct tp_later *later);
static void ready(struct tp_watch *watch);

static struct tp_watch watch = { .ready = ready };
static struct tp_later turn = {
	.perform = take_turn, .link = TP_LIST_INIT(turn.link)
};

static bool
there_is_room(void)
{
	return entered < ring.cq.ring_entries &&
		io_uring_sq_space_left(&ring) > 0;
}

/*
 * Has the poller say when there is something to do. What the kernel had no
 * memory for is handed over again when something has been completed, or at
 * once if there is nothing to wait for.
 */
static void
arm_locked(void)
{
	bool waiting = !tp_list_empty(&line) || !tp_list_empty(&recalled);
	unsigned refused = io_uring_sq_ready(&ring);
	short events = 0;

	if (entered > 0)
		events |= POLLIN;
	if ((waiting && there_is_room()) ||
	    (refused > 0 && refused == entered))
		events |= POLLOUT;
	if (events != 0 && !(watch.armed && watch.events == events))
		tp_poller_arm_locked(&watch, events);
}

/* See struct tp_watch. It is not armed again before the turn is over. */
static void
ready(struct tp_watch *unused)
{
	(void)unused;
	in_turn = true;
	tp_waitable_later_locked(&turn);
}

/* Somebody has put something in line. */
static void
call_locked(void)
{
	if (!in_turn)
		arm_locked();
}

/* ---- To the kernel ---- */

/*
 * What is large is moved by threads of the kernel, lest it keep the
 * dispatcher; so is what could not be done at once.
 */
static void
enter_request(struct io_uring_sqe *sqe, struct tp_request *request)
{
	int descriptor = request->file->descriptor;
	unsigned char *buffer = request->buffer + request->done;
	unsigned size = (unsigned)(request->size - request->done);
	uint64_t offset = request->offset + request->done;

	if (request->operation == TP_READ)
		io_uring_prep_read(sqe, descriptor, buffer, size, offset);
	else
		io_uring_prep_write(sqe, descriptor, buffer, size, offset);
	if (size > SMALL || request->resumed)
		io_uring_sqe_set_flags(sqe, IOSQE_ASYNC);
	io_uring_sqe_set_data(sqe, request);
}

/*
 * Cancels first: each goes after its own request, which was entered earlier,
 * and before any that may get the same memory when that has ended.
 */
static void
enter_locked(void)
{
	for (unsigned i = 0; i < BATCH && there_is_room(); i++) {
		bool cancels = !tp_list_empty(&recalled);
		struct tp_list *node =
			tp_list_first(cancels ? &recalled : &line);
		struct tp_request *request;
		struct io_uring_sqe *sqe;

		if (node == NULL)
			return;
		tp_list_remove(node);
		request = tp_container(node, struct tp_request, queue);
		sqe = io_uring_get_sqe(&ring);
		entered++;
		if (cancels) {
			io_uring_prep_cancel(sqe, request, 0);
			io_uring_sqe_set_data(sqe, NULL);
		} else {
			enter_request(sqe, request);
		}
	}
}

/* ---- From the kernel ---- */

/*
 * What a result means, once its bytes have been counted; ERROR_IO_PENDING:
 * the request goes on where it stopped. A request that was given up, though
 * nobody has cancelled it, was handed over by a thread that has ended.
 */
static DWORD
outcome(const struct tp_request *request, int result)
{
	bool reads = request->operation == TP_READ;

	if (result >= 0 && request->done == request->size)
		return NO_ERROR;
	if (reads && result <= 0 && request->done > 0)
		return NO_ERROR;
	if (reads && result == 0)
		return ERROR_HANDLE_EOF;
	if (result < 0 && result != -EINTR && result != -EAGAIN &&
	    result != -ECANCELED)
		return tp_file_error(-result);
	return request->cancelled ? ERROR_OPERATION_ABORTED :
		ERROR_IO_PENDING;
}

static void
completed_locked(struct tp_request *request, int result)
{
	DWORD error;

	tp_list_remove(&request->queue);	/* if it has been recalled */
	if (result > 0)
		request->done += (size_t)result;
	error = outcome(request, result);
	if (error != ERROR_IO_PENDING) {
		tp_request_end_locked(request, error);
		return;
	}
	request->resumed = true;
	tp_list_append(&line, &request->queue);
}

static void
take_completions_locked(void)
{
	struct io_uring_cqe *cqe;

	for (unsigned i = 0; i < BATCH &&
	    io_uring_peek_cqe(&ring, &cqe) == 0; i++) {
		struct tp_request *request = io_uring_cqe_get_data(cqe);
		int result = cqe->res;

		io_uring_cqe_seen(&ring, cqe);
		entered--;
		if (request != NULL)
			completed_locked(request, result);
	}
}

/*
 * Performed after the poller has reported. Who waits for what has ended is
 * told before the system call, which may take a while.
 */
static void
take_turn(struct tp_later *unused)
{
	(void)unused;
	tp_lock(&tp_waitable_lock);
	take_completions_locked();
	enter_locked();
	tp_waitable_unlock();
	while (io_uring_submit(&ring) == -EINTR)
		;
	tp_lock(&tp_waitable_lock);
	take_completions_locked();	/* of what could be done at once */
	in_turn = false;
	arm_locked();
	tp_unlock(&tp_waitable_lock);
}

/* ---- The back end ---- */

/* A child of fork lets go of the rings: what is in them is the parent's. */
static void
leave_to_parent(void)
{
	close(ring.ring_fd);
	ring.ring_fd = -1;
}

/*
 * Has the kernel carry out a request that does nothing: it may allow rings
 * to be made and not to be used, or be too old for reads and writes, which
 * are as old as the feature that is asked for (Linux 5.6).
 */
static bool
works(void)
{
	struct io_uring_cqe *cqe;

	if ((ring.features & IORING_FEAT_RW_CUR_POS) == 0)
		return false;
	io_uring_prep_nop(io_uring_get_sqe(&ring));
	if (io_uring_submit_and_wait(&ring, 1) != 1 ||
	    io_uring_peek_cqe(&ring, &cqe) != 0)
		return false;
	io_uring_cqe_seen(&ring, cqe);
	return true;
}

/* See struct tp_disk_back_end. */
static DWORD
open_ring(void)
{
	DWORD error = tp_poller_open();
	int result;

	if (error != NO_ERROR)
		return error;
	result = io_uring_queue_init(ENTRIES, &ring, 0);
	if (result < 0)
		return tp_file_error(-result);
	error = ERROR_NOT_SUPPORTED;
	if (!works() || io_uring_ring_dontfork(&ring) != 0)
		goto fail;
	watch.descriptor = ring.ring_fd;
	error = tp_poller_add(&watch);
	if (error != NO_ERROR)
		goto fail;
	if (pthread_atfork(NULL, NULL, leave_to_parent) == 0)
		return NO_ERROR;
	error = ERROR_NOT_ENOUGH_MEMORY;
	tp_lock(&tp_waitable_lock);
	tp_poller_remove_locked(&watch);
	tp_unlock(&tp_waitable_lock);
fail:
	io_uring_queue_exit(&ring);
	return error;
}

/* An offset that no file has would mean something else to io_uring. */
static void
submit(struct tp_request *request)
{
	if (request->offset > INT64_MAX) {
		tp_request_end_locked(request, ERROR_INVALID_PARAMETER);
		return;
	}
	tp_list_append(&line, &request->queue);
	call_locked();
}

/* One in line has not begun, or will not go on; the kernel has the others. */
static void
cancel(struct tp_request *request)
{
	if (!tp_list_empty(&request->queue)) {
		tp_list_remove(&request->queue);
		tp_request_end_locked(request, ERROR_OPERATION_ABORTED);
		return;
	}
	tp_list_append(&recalled, &request->queue);
	call_locked();
}

#else

#include "disk.h"

static DWORD
open_ring(void)
{
	return ERROR_NOT_SUPPORTED;
}

/* Nobody calls these two. */
static void
submit(struct tp_request *request)
{
	(void)request;
}

static void
cancel(struct tp_request *request)
{
	(void)request;
}

#endif /* TP_URING */

const struct tp_disk_back_end tp_disk_uring = {
	"uring", open_ring, submit, cancel
};
