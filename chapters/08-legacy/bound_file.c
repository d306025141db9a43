/* bound_file.c - BindIoCompletionCallback */
/* SPDX-License-Identifier: MIT */
/*
 * The old way to have a function called for each request of a file that has
 * ended. It is the port of the file (port.h) for good, and has no handle: so
 * nothing needs to be announced, and nothing can be waited for. It ends
 * with the file.
 *
 * Interface: BindIoCompletionCallback.
 *
 * Invariant: it is open until the file is gone. Until then no other thread
 * can free it; the file sees to it that `gone` is the last it says.
 *
 * Locks: the pool lock guards the line of completed requests.
 */
#include <stdlib.h>

#include "engine.h"
#include "threadpool.h"

struct bound_file {
	struct tp_object object;	/* first: it is freed as one */
	LPOVERLAPPED_COMPLETION_ROUTINE function;

	/* Guarded by tp_waitable_lock. */
	struct tp_port port;
	struct tp_later close;		/* when the file is gone */

	/* Guarded by the pool lock. */
	struct tp_list completed;	/* requests: one for each post */
};

/* ---- What the file calls, under tp_waitable_lock ---- */

static void
begin(struct tp_port *port, struct tp_completion *request)
{
	request->port = port;
	request->mark = 1;		/* all of them are expected */
}

static void
withdraw(struct tp_port *port, struct tp_completion *request)
{
	(void)port;
	(void)request;
}

static bool
end(struct tp_port *port, struct tp_completion *request)
{
	struct bound_file *bound =
		tp_container(port, struct bound_file, port);
	bool posted;

	tp_object_lock(&bound->object);
	posted = tp_object_post_both_locked(&bound->object);
	if (posted)
		tp_list_append(&bound->completed, &request->link);
	tp_object_unlock(&bound->object);
	return posted;
}

static void
close_it(struct tp_later *later)
{
	tp_object_close(&tp_container(later, struct bound_file,
		close)->object);
}

static void
gone(struct tp_port *port)
{
	/* Not here, under the lock: it may be the end of the object. */
	tp_waitable_later_locked(&tp_container(port, struct bound_file,
		port)->close);
}

static const struct tp_port_ops port_ops = { begin, withdraw, end, gone };

/* ---- What the engine calls ---- */

/* The oldest request that has ended is what this post is about. */
static void
claim(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	struct bound_file *bound =
		tp_container(object, struct bound_file, object);
	struct tp_list *node = tp_list_first(&bound->completed);

	tp_list_remove(node);
	instance->claimed[0] = (ULONG_PTR)tp_container(node,
		struct tp_completion, link);
}

static void
run(struct tp_object *object, TP_CALLBACK_INSTANCE *instance)
{
	struct bound_file *bound =
		tp_container(object, struct bound_file, object);
	struct tp_completion *request =
		(struct tp_completion *)instance->claimed[0];
	OVERLAPPED *overlapped = request->overlapped;
	DWORD error = request->error;
	DWORD bytes = (DWORD)request->bytes;

	tp_completion_free(request);
	bound->function(error, bytes, overlapped);
}

static const struct tp_ops bound_file_ops = {
	.kind = "bound file", .run = run, .claim = claim
};

/*
 * Has a function called for each request of a file that has ended, as long
 * as the file is open. It cannot be taken back.
 *
 * FileHandle: the file, opened with FILE_FLAG_OVERLAPPED.
 * Function: gets an ERROR_ code, the bytes moved, and the OVERLAPPED of the
 * request; not NULL.
 * Flags: must be 0.
 * Returns TRUE; FALSE with the last error set.
 * Fails: ERROR_INVALID_HANDLE; ERROR_INVALID_PARAMETER (Function, Flags, or
 * the file is not for overlapped I/O, or is bound), ERROR_NOT_ENOUGH_MEMORY.
 * Locks: none held. Source: LEGACY-32 to -35.
 */
BOOL WINAPI
BindIoCompletionCallback(HANDLE FileHandle,
	LPOVERLAPPED_COMPLETION_ROUTINE Function, ULONG Flags)
{
	DWORD error = ERROR_INVALID_PARAMETER;
	struct bound_file *bound = NULL;

	tp_check_process("BindIoCompletionCallback");
	if (Function == NULL || Flags != 0)
		goto fail;
	bound = calloc(1, sizeof(*bound));
	error = bound == NULL ? ERROR_NOT_ENOUGH_MEMORY :
		tp_object_init(&bound->object, &bound_file_ops, NULL, NULL);
	if (error != 0)
		goto fail;
	bound->function = Function;
	bound->port.ops = &port_ops;
	bound->close.perform = close_it;
	tp_list_init(&bound->close.link);
	tp_list_init(&bound->completed);
	tp_object_open_unnamed(&bound->object, (tp_code)Function);
	error = tp_port_bind(&bound->port, FileHandle);
	if (error == 0)
		return TRUE;
	tp_object_close(&bound->object);
	bound = NULL;
fail:
	free(bound);
	SetLastError(error);
	return FALSE;
}
