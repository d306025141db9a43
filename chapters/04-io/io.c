/* io.c - I/O objects: a callback that is posted when a request has ended */
/* SPDX-License-Identifier: MIT */
/*
 * An I/O object is the port of one file (port.h): it is told when requests
 * of that file begin and end. It cannot know which of them the program wants
 * to hear of, nor can it know of one that is about to be made; so the
 * program announces each, before it makes it. An announcement is a promise
 * to waiters, who wait for the callback from that moment on.
 *
 *	announced	promised, and the request has not begun
 *	under_way	begun, and not ended: bound to one announcement
 *	dropped		promises taken back by a wait that cancels
 *
 * A request takes one announcement when it begins and is marked with it; so
 * a completion belongs to its own request, never to a number. Whoever drops
 * all promises starts a new round: what is under way keeps its old mark, and
 * its end means nothing any more.
 *
 * Interface: CreateThreadpoolIo, StartThreadpoolIo, CancelThreadpoolIo,
 * WaitForThreadpoolIoCallbacks, CloseThreadpoolIo.
 *
 * Invariant: each announcement holds one reference of the object, from Start
 * until its request has ended or it is taken back; a dropped one until one
 * more completion comes on the handle, or the file is gone (IO-26).
 *
 * Locks: the pool lock guards the counters. Beginning and end of a request
 * are one step each under tp_waitable_lock, too.
 */
#include <stdlib.h>

#include "engine.h"
#include "threadpool.h"

struct _TP_IO {
	struct tp_object object;	/* first: it is freed as one */
	PTP_WIN32_IO_CALLBACK callback;	/* Read-only after init. */

	/* Guarded by tp_waitable_lock. */
	struct tp_port port;
	struct tp_later release;	/* when the file is gone */

	/* Guarded by the pool lock. */
	unsigned announced, under_way, dropped;
	unsigned long round;		/* of marks; none is 0 */
	bool gone;			/* the file */
	struct tp_list completed;	/* requests: one for each post */
	struct tp_list refused;		/* requests nobody hears of */
};

/* ---- What the file calls, under tp_waitable_lock ---- */

/* Binds the request to an announcement, if there is one. */
static void
begin(struct tp_port *port, struct tp_completion *request)
{
	PTP_IO io = tp_container(port, TP_IO, port);

	tp_object_lock(&io->object);
	request->port = port;
	request->mark = 0;
	if (io->announced > 0) {
		io->announced--;
		io->under_way++;
		request->mark = io->round;
	}
	tp_object_unlock(&io->object);
}

/* The announcement is open again, for CancelThreadpoolIo to take back. */
static void
withdraw(struct tp_port *port, struct tp_completion *request)
{
	PTP_IO io = tp_container(port, TP_IO, port);

	tp_object_lock(&io->object);
	if (request->mark == io->round) {
		io->under_way--;
		io->announced++;
	} else if (request->mark != 0) {
		io->dropped++;		/* meanwhile: see discard */
	}
	tp_object_unlock(&io->object);
}

/* Performed when no lock is held: nobody hears of the request. */
static void
drop(struct tp_later *later)
{
	struct tp_completion *request =
		tp_container(later, struct tp_completion, later);
	PTP_IO io = tp_container(request->port, TP_IO, port);

	tp_completion_free(request);
	tp_object_release(&io->object);
}

/* Posts the callback of a request whose announcement still counts. */
static bool
deliver_locked(PTP_IO io, struct tp_completion *request)
{
	io->under_way--;
	if (!tp_object_post_both_locked(&io->object)) {
		tp_object_wake_if_quiet_locked(&io->object);
		return false;
	}
	tp_list_append(&io->completed, &request->link);
	/* The post has a reference of its own: this is not the last one. */
	(void)tp_object_unref_locked(&io->object, 1);
	return true;
}

static bool
end(struct tp_port *port, struct tp_completion *request)
{
	PTP_IO io = tp_container(port, TP_IO, port);
	bool delivered = false, holds = request->mark != 0;

	tp_object_lock(&io->object);
	if (request->mark == io->round) {
		delivered = deliver_locked(io, request);
	} else if (!holds && io->dropped > 0) {
		io->dropped--;		/* this is the one more: IO-26 */
		request->port = port;
		holds = true;
	}
	tp_object_unlock(&io->object);
	if (!delivered && holds)
		request->later.perform = drop;
	return delivered;
}

/* Performed when no lock is held: nothing will come for what was dropped. */
static void
release(struct tp_later *later)
{
	PTP_IO io = tp_container(later, TP_IO, release);
	bool last;

	tp_object_lock(&io->object);
	last = tp_object_unref_locked(&io->object, io->dropped + 1);
	io->dropped = 0;
	tp_object_unlock(&io->object);
	if (last)
		tp_object_free(&io->object);
}

static void
gone(struct tp_port *port)
{
	PTP_IO io = tp_container(port, TP_IO, port);

	tp_object_lock(&io->object);
	io->gone = true;
	if (io->dropped > 0) {
		io->object.refs++;	/* until it is performed */
		tp_waitable_later_locked(&io->release);
	}
	tp_object_unlock(&io->object);
}

static const struct tp_port_ops port_ops = { begin, withdraw, end, gone };

/* ---- What the engine calls ---- */

/* The oldest request that has ended is what this post is about. */
static void
claim(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	PTP_IO io = tp_container(object, TP_IO, object);
	struct tp_list *node = tp_list_first(&io->completed);

	tp_list_remove(node);
	instance->claimed[0] = (ULONG_PTR)tp_container(node,
		struct tp_completion, link);
}

/*
 * Takes back all promises. What is queued is put aside, since nothing is
 * freed under a lock; what is under way keeps the mark of an old round.
 */
static void
discard(struct tp_object *object)
{
	PTP_IO io = tp_container(object, TP_IO, object);
	struct tp_list *node;

	while ((node = tp_list_first(&io->completed)) != NULL) {
		tp_list_remove(node);
		tp_list_append(&io->refused, node);
	}
	if (io->gone)	/* nothing will come; not the last reference */
		(void)tp_object_unref_locked(object, io->announced);
	else
		io->dropped += io->announced;
	io->announced = io->under_way = 0;
	io->round++;
}

static bool
busy(const struct tp_object *object)
{
	const TP_IO *io = (const TP_IO *)object;

	return io->announced > 0 || io->under_way > 0;
}

/* Frees what was put aside. */
static void
free_refused(PTP_IO io)
{
	struct tp_list *node;

	do {
		tp_object_lock(&io->object);
		node = tp_list_first(&io->refused);
		if (node != NULL)
			tp_list_remove(node);
		tp_object_unlock(&io->object);
		if (node != NULL)
			tp_completion_free(tp_container(node,
				struct tp_completion, link));
	} while (node != NULL);
}

static void
run(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	PTP_IO io = tp_container(object, TP_IO, object);
	struct tp_completion *request =
		(struct tp_completion *)instance->claimed[0];
	OVERLAPPED *overlapped = request->overlapped;
	ULONG error = request->error;
	ULONG_PTR bytes = request->bytes;

	tp_completion_free(request);
	free_refused(io);
	io->callback(instance, object->context, overlapped, error, bytes,
		io);
}

/* Nothing is outstanding: everything that is holds a reference. */
static void
end_object(struct tp_object *object)
{
	PTP_IO io = tp_container(object, TP_IO, object);

	tp_port_unbind(&io->port);
	free_refused(io);
}

static const struct tp_ops io_ops = {
	.kind = "io", .run = run, .claim = claim, .discard = discard,
	.busy = busy, .end = end_object
};

/* ---- The API ---- */

/*
 * Creates an I/O object and binds a file to it, for good: no other can be
 * created for that file, even when this one is closed.
 *
 * fl: the file, opened with FILE_FLAG_OVERLAPPED.
 * pfnio: the function to call for each request; not NULL.
 * pv: passed to it as it is; may be NULL.
 * pcbe: read once, here (WORK-02); NULL: the default pool, normal priority.
 * Returns the object; NULL with the last error set on failure.
 * Fails: ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER (pfnio, the file is
 * not for overlapped I/O or is bound, version or priority of pcbe),
 * ERROR_NOT_ENOUGH_MEMORY (memory, or a thread).
 * Locks: none held when it is called.
 * Source: IO-01, -02, -21, -22.
 */
PTP_IO WINAPI
CreateThreadpoolIo(HANDLE fl, PTP_WIN32_IO_CALLBACK pfnio, PVOID pv,
	PTP_CALLBACK_ENVIRON pcbe)
{
	DWORD error = ERROR_INVALID_PARAMETER;
	PTP_IO io = NULL;

	tp_check_process("CreateThreadpoolIo");
	if (pfnio == NULL)
		goto fail;
	io = calloc(1, sizeof(*io));
	error = io == NULL ? ERROR_NOT_ENOUGH_MEMORY :
		tp_object_init(&io->object, &io_ops, pv, pcbe);
	if (error != 0)
		goto fail;
	io->callback = pfnio;
	io->round = 1;
	io->port.ops = &port_ops;
	io->release.perform = release;
	tp_list_init(&io->release.link);
	tp_list_init(&io->completed);
	tp_list_init(&io->refused);
	error = tp_port_bind(&io->port, fl);
	if (error == 0) {
		tp_object_open(&io->object, (tp_code)pfnio);
		return io;
	}
	tp_object_abandon(&io->object);
	io = NULL;
fail:
	free(io);
	SetLastError(error);
	return NULL;
}

/*
 * Announces one request, which the program is about to make. Waiters wait
 * for its callback from here on.
 *
 * Fails: misuse closed-object, not-an-object.
 * Locks: the pool's, briefly.
 * Source: IO-03, -13, -23.
 * Differs: a request that nobody has announced is harmless here; Windows
 * may then use memory that it has freed.
 */
VOID WINAPI
StartThreadpoolIo(PTP_IO pio)
{
	tp_check(pio, "io", "StartThreadpoolIo");
	tp_object_lock(&pio->object);
	pio->object.refs++;
	if (pio->object.refusing)	/* its cleanup group closes it */
		pio->dropped++;
	else
		pio->announced++;
	tp_object_unlock(&pio->object);
}

/*
 * Takes back one announcement: the request failed at once, or ended well
 * at once where that brings no callback. Cancels no request.
 *
 * Fails: misuse io-not-announced (each announced request is under way, or
 * has ended), closed-object, not-an-object.
 * Locks: the pool's, briefly.
 * Source: IO-05, -06, -08, -10, -23.
 */
VOID WINAPI
CancelThreadpoolIo(PTP_IO pio)
{
	unsigned *counter;
	bool found;

	tp_check(pio, "io", "CancelThreadpoolIo");
	tp_object_lock(&pio->object);
	counter = pio->announced > 0 ? &pio->announced : &pio->dropped;
	found = *counter > 0;
	if (found) {
		--*counter;
		/* It is open, and that is a reference, too. */
		(void)tp_object_unref_locked(&pio->object, 1);
		tp_object_wake_if_quiet_locked(&pio->object);
	}
	tp_object_unlock(&pio->object);
	if (!found)
		tp_misuse(TP_MISUSE_IO_NOT_ANNOUNCED, "CancelThreadpoolIo",
			pio);
}

/*
 * Waits until no request that was announced is open: each has had its
 * callback, and that has returned, or was taken back.
 *
 * fCancelPendingCallbacks: TRUE takes all announcements back and drops the
 * callbacks that are queued: they will not run. The requests themselves go
 * on; cancel them by CancelIoEx, and leave their memory alone until then.
 * Fails: misuse closed-object, not-an-object, self-wait.
 * Locks: none held. Blocks; a pool's worker that calls it may be replaced.
 * Source: IO-13, -14, -15, -25.
 */
VOID WINAPI
WaitForThreadpoolIoCallbacks(PTP_IO pio, BOOL fCancelPendingCallbacks)
{
	tp_check(pio, "io", "WaitForThreadpoolIoCallbacks");
	tp_object_check_wait(&pio->object, "WaitForThreadpoolIoCallbacks");
	tp_object_wait(&pio->object, fCancelPendingCallbacks != FALSE);
}

/*
 * Lets go of the I/O object. Returns at once; what was announced still brings
 * its callback, and the object is freed after the last. Does not close the
 * file. Its own callback may call this.
 *
 * Fails: misuse closed-object, not-an-object.
 * Locks: none held.
 * Source: IO-16, -17, -18, -26.
 */
VOID WINAPI
CloseThreadpoolIo(PTP_IO pio)
{
	tp_check_close(pio, "io", "CloseThreadpoolIo");
	tp_object_close(&pio->object);
}
