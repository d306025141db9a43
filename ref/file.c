/* file.c - files, pipes and sockets as kernel objects */
/* SPDX-License-Identifier: MIT */
/*
 * A file is a descriptor with a handle. It is signalled when a request of it
 * has ended, until the next one is made; that says little where several are
 * under way, and a program should rather give each an event.
 *
 * When its last handle is closed, what is under way is cancelled; the
 * descriptor is closed when all of that has ended, and no thread uses it.
 *
 * Interface: tp_open_descriptor; inside, tp_file_new, tp_file_publish,
 * tp_file_adopt, tp_file_of_locked, tp_file_use_blocking; for chapters,
 * tp_port_bind, tp_port_unbind.
 *
 * Locks: tp_waitable_lock.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "stream.h"

/* ---- The kernel object ---- */

static bool
file_signalled(const struct tp_waitable *object, const struct tp_self *self)
{
	(void)self;
	return ((const struct tp_file *)object)->signalled;
}

static bool
file_consume(struct tp_waitable *object, struct tp_self *self)
{
	(void)object;
	(void)self;
	return false;
}

/* Is a callback to come of a request that nobody has cancelled? */
static bool
file_wanted(const struct tp_waitable *object)
{
	const struct tp_file *file = (const struct tp_file *)object;

	for (const struct tp_list *node = file->requests.next;
	     node != &file->requests; node = node->next) {
		const struct tp_request *request = tp_container(node,
			const struct tp_request, link);

		if (!request->cancelled && request->completion.mark != 0)
			return true;
	}
	return false;
}

/* The last handle is closed: nothing of it shall go on. */
static void
file_closed(struct tp_waitable *object)
{
	(void)tp_requests_cancel_locked((struct tp_file *)object, NULL, 0);
}

/* No request is under way, since each uses the file. */
static void
file_retire(struct tp_waitable *object)
{
	struct tp_file *file = (struct tp_file *)object;
	struct tp_port *port = file->port;

	if (file->watched)
		tp_poller_remove_locked(&file->watch);
	if (port == NULL)
		return;
	file->port = NULL;
	port->file = NULL;
	port->ops->gone(port);
}

static void
file_end(struct tp_waitable *object)
{
	struct tp_file *file = (struct tp_file *)object;

	if (file->descriptor >= 0)
		close(file->descriptor);
	if (file->doomed != NULL)
		(void)unlink(file->doomed);
	free(file->doomed);
	tp_cond_destroy(&file->ended);
}

static const struct tp_waitable_kind file_kind = {
	.name = "file", .signalled = file_signalled,
	.consume = file_consume, .wanted = file_wanted,
	.closed = file_closed, .retire = file_retire, .end = file_end
};

/* The file of a handle; NULL and the last error: it is none. */
struct tp_file *
tp_file_of_locked(HANDLE handle)
{
	return tp_handle_to_locked(handle, &file_kind);
}

/* ---- A descriptor and its file ---- */

/* What kind of descriptor it is; false: it is none. */
static bool
classify(struct tp_file *file, int descriptor, bool *on_disk)
{
	struct stat status;

	if (fstat(descriptor, &status) != 0)
		return false;
	*on_disk = S_ISREG(status.st_mode) || S_ISBLK(status.st_mode);
	file->is_socket = S_ISSOCK(status.st_mode);
	file->is_pipe = S_ISFIFO(status.st_mode);
	return true;
}

/* Has the poller watch it; ERROR_NOT_SUPPORTED: it is always ready. */
static DWORD
watch(struct tp_file *file, int descriptor)
{
	int flags = fcntl(descriptor, F_GETFL);
	DWORD error = tp_poller_open();

	if (error != NO_ERROR)
		return error;
	file->watch.descriptor = descriptor;
	error = tp_poller_add(&file->watch);
	if (error == NO_ERROR)
		(void)fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
	return error;
}

/*
 * Gives a file, which is for overlapped I/O and has none yet, a descriptor.
 * 0 or an error code; then the descriptor is still the caller's.
 *
 * Locks: takes tp_waitable_lock.
 */
DWORD
tp_file_adopt(struct tp_file *file, int descriptor)
{
	const struct tp_medium *medium = &tp_stream;
	bool on_disk;
	DWORD error;

	if (!classify(file, descriptor, &on_disk))
		return ERROR_INVALID_HANDLE;
	error = on_disk ? ERROR_NOT_SUPPORTED : watch(file, descriptor);
	if (error == ERROR_NOT_SUPPORTED) {
		medium = &tp_disk;
		error = tp_disk_open();
	}
	if (error != NO_ERROR)
		return error;
	tp_lock(&tp_waitable_lock);
	file->descriptor = descriptor;
	file->watched = medium == &tp_stream;
	file->medium = medium;
	tp_unlock(&tp_waitable_lock);
	return NO_ERROR;
}

/*
 * A file over that descriptor; -1: for overlapped I/O, without one yet.
 * NULL and *error if it fails; then the descriptor is still the caller's.
 */
struct tp_file *
tp_file_new(int descriptor, bool overlapped, DWORD *error)
{
	struct tp_file *file = tp_waitable_new(sizeof(*file), &file_kind,
		NULL, NULL, NULL);
	bool on_disk;

	*error = ERROR_NOT_ENOUGH_MEMORY;
	if (file == NULL)
		return NULL;
	file->descriptor = -1;
	file->overlapped = overlapped;
	tp_list_init(&file->requests);
	tp_cond_init(&file->ended);
	tp_stream_init(file);
	*error = NO_ERROR;
	if (descriptor >= 0 && overlapped)
		*error = tp_file_adopt(file, descriptor);
	else if (descriptor >= 0 && !classify(file, descriptor, &on_disk))
		*error = ERROR_INVALID_HANDLE;
	if (*error == NO_ERROR) {
		file->descriptor = descriptor;
		return file;
	}
	tp_cond_destroy(&file->ended);
	free(file);
	return NULL;
}

/*
 * A handle to a new file. NULL: no memory; then its descriptor is still the
 * caller's.
 */
HANDLE
tp_file_publish(struct tp_file *file)
{
	HANDLE handle = NULL;

	tp_lock(&tp_waitable_lock);
	if (tp_handle_room_locked())
		handle = tp_handle_new_locked(&file->waitable);
	else
		file->descriptor = -1;
	tp_waitable_unuse_locked(&file->waitable);
	tp_waitable_unlock();
	if (handle == NULL)
		SetLastError(ERROR_NOT_ENOUGH_MEMORY);
	return handle;
}

/* See stream.h. */
HANDLE
tp_open_descriptor(int descriptor, DWORD flags)
{
	DWORD error = ERROR_INVALID_PARAMETER;
	struct tp_file *file = NULL;

	tp_check_process("tp_open_descriptor");
	if (descriptor < 0)
		error = ERROR_INVALID_HANDLE;
	else if ((flags & ~FILE_FLAG_OVERLAPPED) == 0)
		file = tp_file_new(descriptor, flags != 0, &error);
	if (file == NULL) {
		SetLastError(error);
		return NULL;
	}
	return tp_file_publish(file);
}

/* ---- Handles and ports ---- */

/*
 * The file of a handle that was not opened for overlapped I/O, in use by the
 * caller. NULL: with *error NO_ERROR it was; else it is no file.
 */
struct tp_file *
tp_file_use_blocking(HANDLE handle, DWORD *error)
{
	struct tp_file *file;

	tp_lock(&tp_waitable_lock);
	file = tp_file_of_locked(handle);
	*error = file != NULL ? NO_ERROR : ERROR_INVALID_HANDLE;
	if (file != NULL && file->overlapped)
		file = NULL;
	if (file != NULL)
		tp_waitable_use_locked(&file->waitable);
	tp_unlock(&tp_waitable_lock);
	return file;
}

/* The same for any file; its descriptor is there. */
struct tp_file *
tp_file_use(HANDLE handle)
{
	struct tp_file *file;

	tp_lock(&tp_waitable_lock);
	file = tp_file_of_locked(handle);
	if (file != NULL && file->descriptor < 0) {
		SetLastError(ERROR_INVALID_HANDLE);
		file = NULL;
	}
	if (file != NULL)
		tp_waitable_use_locked(&file->waitable);
	tp_unlock(&tp_waitable_lock);
	return file;
}

void
tp_file_unuse(struct tp_file *file)
{
	tp_lock(&tp_waitable_lock);
	tp_waitable_unuse_locked(&file->waitable);
	tp_waitable_unlock();
}

/* See port.h. */
DWORD
tp_port_bind(struct tp_port *port, HANDLE handle)
{
	struct tp_file *file;
	DWORD error = NO_ERROR;

	tp_lock(&tp_waitable_lock);
	file = tp_file_of_locked(handle);
	if (file == NULL) {
		error = ERROR_INVALID_HANDLE;
	} else if (!file->overlapped || file->bound) {
		error = ERROR_INVALID_PARAMETER;
	} else {
		file->bound = true;
		file->port = port;
		port->file = file;
	}
	tp_unlock(&tp_waitable_lock);
	return error;
}

/* See port.h. */
void
tp_port_unbind(struct tp_port *port)
{
	tp_lock(&tp_waitable_lock);
	if (port->file != NULL)
		port->file->port = NULL;
	port->file = NULL;
	tp_unlock(&tp_waitable_lock);
}
