/* handle.c - handles: numbers that name kernel objects */
/* SPDX-License-Identifier: MIT */
/*
 * A handle is not a pointer. A program may pass anything, and may pass a
 * handle that it closed long ago; both must end in ERROR_INVALID_HANDLE,
 * and the second must not hit the object that was created since. So a
 * handle is the number of an entry in a table and a serial number, which no
 * two handles share: closing an entry makes the old number worthless.
 *
 *	| serial            | entry (20 bits) | 0 0 |
 *
 * The last two bits are zero, as on Windows, so no handle is ever equal to
 * the pseudo handles -1 (this process) and -2 (the calling thread). Where
 * pointers have 32 bits, serials begin anew after a thousand handles.
 *
 * Interface: CloseHandle, DuplicateHandle, GetCurrentProcess; inside,
 * tp_handle_find_locked (by number), tp_handle_to_locked (and of a kind),
 * tp_handle_room_locked and tp_handle_new_locked.
 *
 * Locks: tp_waitable_lock guards the table. Memory for a bigger one is
 * allocated while it is dropped.
 */
#include <stdlib.h>

#include "waitable.h"

#define INDEX_BITS	20
#define INDEX_MAX	(1u << INDEX_BITS)
#define SERIAL_BITS	(sizeof(HANDLE) * 8 - INDEX_BITS - 2)
#define SERIAL_MASK	(((uintptr_t)1 << SERIAL_BITS) - 1)
#define FIRST_SIZE	64
#define NONE		UINT32_MAX

struct entry {
	struct tp_waitable *object;	/* NULL: the entry is free */
	uintptr_t handle;		/* of the open entry */
	unsigned next_free;		/* of the free one; NONE: the last */
};

static struct entry first_entries[FIRST_SIZE];

/* Guarded by tp_waitable_lock. */
static struct {
	struct entry *entries;
	unsigned size;			/* entries; 0 before the first use */
	unsigned open;			/* entries that are handles */
	unsigned free;			/* the first free one, or NONE */
	uintptr_t serial;		/* of the last handle */
} table = { first_entries, 0, 0, NONE, 0 };

/* ---- What pseudo handles name ---- */

static bool
never_signalled(const struct tp_waitable *object, const struct tp_self *self)
{
	(void)object;
	(void)self;
	return false;
}

static bool
consume_nothing(struct tp_waitable *object, struct tp_self *self)
{
	(void)object;
	(void)self;
	return false;
}

static const struct tp_waitable_kind running_kind = {
	.name = "process", .signalled = never_signalled,
	.consume = consume_nothing
};

/*
 * Whoever waits for its own process or thread is still running: one object
 * that never becomes signalled serves for both. Their uses never end.
 */
#define RUNNING(object) { .kind = &running_kind, .uses = 1,		\
	.blocks = TP_LIST_INIT((object).blocks),			\
	.named = TP_LIST_INIT((object).named) }

static struct tp_waitable this_process = RUNNING(this_process);
static struct tp_waitable this_thread = RUNNING(this_thread);

/* ---- The table ---- */

/* Makes the entries from `from` to the end of the table free ones. */
static void
add_free_locked(unsigned from)
{
	for (unsigned i = table.size; i > from; i--) {
		table.entries[i - 1].object = NULL;
		table.entries[i - 1].next_free = table.free;
		table.free = i - 1;
	}
}

/* Goes on with `entries`, which are bigger; gives the old ones back. */
static struct entry *
replace_locked(struct entry *entries, unsigned size)
{
	struct entry *old = table.entries;
	unsigned old_size = table.size;

	memcpy(entries, old, old_size * sizeof(*old));
	table.entries = entries;
	table.size = size;
	add_free_locked(old_size);
	return old != first_entries ? old : NULL;
}

/*
 * Sees to it that the table has a free entry. If it has to allocate, it
 * drops the lock meanwhile: what the caller knew before may no longer hold.
 * Returns false if there is no memory, or if there are a million handles.
 */
bool
tp_handle_room_locked(void)
{
	tp_assert_held(&tp_waitable_lock);
	if (table.size == 0) {
		table.size = FIRST_SIZE;
		add_free_locked(0);
	}
	while (table.free == NONE) {
		unsigned size = 2 * table.size;
		struct entry *entries;

		if (size > INDEX_MAX)
			return false;
		tp_unlock(&tp_waitable_lock);
		entries = calloc(size, sizeof(*entries));
		tp_lock(&tp_waitable_lock);
		if (entries == NULL)
			return table.free != NONE;
		/* Another thread may have been faster. */
		if (table.free == NONE && 2 * table.size == size)
			entries = replace_locked(entries, size);
		tp_unlock(&tp_waitable_lock);
		free(entries);
		tp_lock(&tp_waitable_lock);
	}
	return true;
}

/* A new handle to the object. The caller has made sure of room. */
HANDLE
tp_handle_new_locked(struct tp_waitable *object)
{
	unsigned index = table.free;
	struct entry *entry = &table.entries[index];

	tp_assert_held(&tp_waitable_lock);
	table.serial = (table.serial + 1) & SERIAL_MASK;
	if (table.serial == 0)		/* NULL must never be a handle */
		table.serial = 1;
	table.free = entry->next_free;
	table.open++;
	entry->object = object;
	entry->handle = (table.serial << INDEX_BITS | index) << 2;
	object->handles++;
	return (HANDLE)entry->handle;
}

/* The entry of an open handle; NULL if it is anything else. */
static struct entry *
entry_of(HANDLE handle)
{
	uintptr_t number = (uintptr_t)handle;
	unsigned index = (unsigned)(number >> 2) & (INDEX_MAX - 1);
	struct entry *entry;

	if (index >= table.size)
		return NULL;
	entry = &table.entries[index];
	if (entry->object == NULL || entry->handle != number)
		return NULL;
	return entry;
}

static struct entry *
entry_of_locked(HANDLE handle)
{
	tp_assert_held(&tp_waitable_lock);
	return entry_of(handle);
}

/* With no handle left, a table that has grown shrinks back. */
static struct entry *
shrink_locked(void)
{
	struct entry *old = table.entries;

	if (table.open > 0 || old == first_entries)
		return NULL;
	table.entries = first_entries;
	table.size = FIRST_SIZE;
	table.free = NONE;
	add_free_locked(0);
	return old;
}

/* Closes a handle. Returns memory to free when the lock is dropped. */
static struct entry *
close_locked(struct entry *entry)
{
	struct tp_waitable *object = entry->object;

	tp_assert_held(&tp_waitable_lock);
	entry->object = NULL;
	entry->next_free = table.free;
	table.free = (unsigned)(entry - table.entries);
	table.open--;
	tp_waitable_use_locked(object);
	if (--object->handles == 0 && object->kind->closed != NULL)
		object->kind->closed(object);
	tp_waitable_unuse_locked(object);
	return shrink_locked();
}

/*
 * What a wait, or a function that takes any kind of object, finds under a
 * handle; NULL if nothing. For the dump, which may have to take no lock.
 */
struct tp_waitable *
tp_handle_look(HANDLE handle)
{
	struct entry *entry;

	if (handle == GetCurrentProcess())
		return &this_process;
	if (handle == GetCurrentThread())
		return &this_thread;
	entry = entry_of(handle);
	return entry != NULL ? entry->object : NULL;
}

/* The same; the lock, or a use, keeps it alive. */
struct tp_waitable *
tp_handle_find_locked(HANDLE handle)
{
	tp_assert_held(&tp_waitable_lock);
	return tp_handle_look(handle);
}

/*
 * The object of that kind under a handle.
 *
 * Fails: NULL and ERROR_INVALID_HANDLE, also for another kind of object.
 */
void *
tp_handle_to_locked(HANDLE handle, const struct tp_waitable_kind *kind)
{
	struct entry *entry = entry_of_locked(handle);

	if (entry == NULL || entry->object->kind != kind) {
		SetLastError(ERROR_INVALID_HANDLE);
		return NULL;
	}
	return entry->object;
}

/* ---- The API ---- */

/*
 * GetCurrentProcess: a pseudo handle to this process, for DuplicateHandle.
 * It need not be closed.
 */
HANDLE WINAPI
GetCurrentProcess(VOID)
{
	return (HANDLE)(LONG_PTR)-1;
}

static bool
is_pseudo(HANDLE handle)
{
	return handle == GetCurrentProcess() || handle == GetCurrentThread();
}

/* Is it the last handle of something that goes on? For reports. */
static bool
is_wanted_locked(const struct tp_waitable *object)
{
	tp_assert_held(&tp_waitable_lock);
	return object->handles == 1 && object->kind->wanted != NULL &&
		object->kind->wanted(object);
}

/*
 * CloseHandle: ends a handle; the object, with the last one, when nobody uses
 * it: a pipe may be open a moment longer. A pseudo handle is left as it is.
 *
 *	hObject		the handle, whatever it names
 *
 * Fails:	FALSE; ERROR_INVALID_HANDLE if it is none, or closed already.
 * Misuse:	handle-in-use, a warning: a wait object or a registered wait
 *		waits for it, or an I/O object or a bound function for
 *		requests that nobody has cancelled.
 * Locks:	tp_waitable_lock.
 * Source:	KOBJ-01, KOBJ-02.
 * Differs:	Windows may take a stale handle for a new object's; never so
 *		here, where pointers have 64 bits.
 */
BOOL WINAPI
CloseHandle(HANDLE hObject)
{
	struct entry *entry, *spare = NULL;
	bool watched = false, wanted = false;

	if (is_pseudo(hObject))
		return TRUE;
	tp_lock(&tp_waitable_lock);
	entry = entry_of_locked(hObject);
	if (entry != NULL) {
		watched = tp_target_uses_locked(entry->object, hObject);
		wanted = is_wanted_locked(entry->object);
		spare = close_locked(entry);
	}
	tp_waitable_unlock();
	free(spare);
	if (watched)
		tp_misuse(TP_MISUSE_HANDLE_IN_USE, "CloseHandle", hObject);
	if (wanted)
		tp_misuse(TP_MISUSE_FILE_IN_USE, "CloseHandle", hObject);
	if (entry == NULL)
		SetLastError(ERROR_INVALID_HANDLE);
	return entry != NULL;
}

/*
 * What the source handle names, in use by the caller; NULL if nothing. For
 * the calling thread that is its thread object, made when first asked for.
 */
static struct tp_waitable *
use_source(HANDLE handle, DWORD *error)
{
	struct tp_waitable *object;

	if (handle == GetCurrentThread()) {
		object = tp_self_use_thread();
		*error = object == NULL ? ERROR_NOT_ENOUGH_MEMORY : NO_ERROR;
		return object;
	}
	tp_lock(&tp_waitable_lock);
	object = tp_handle_find_locked(handle);
	if (object != NULL)
		tp_waitable_use_locked(object);
	tp_unlock(&tp_waitable_lock);
	*error = object == NULL ? ERROR_INVALID_HANDLE : NO_ERROR;
	return object;
}

/* Puts a new handle to the object into *target; 0 or an error code. */
static DWORD
duplicate(struct tp_waitable *object, LPHANDLE target)
{
	DWORD error = ERROR_NOT_ENOUGH_MEMORY;

	tp_lock(&tp_waitable_lock);
	if (tp_handle_room_locked()) {
		*target = tp_handle_new_locked(object);
		error = NO_ERROR;
	}
	tp_waitable_unuse_locked(object);
	tp_waitable_unlock();
	return error;
}

static bool
names_this_process(HANDLE handle)
{
	bool found;

	tp_lock(&tp_waitable_lock);
	found = tp_handle_find_locked(handle) == &this_process;
	tp_unlock(&tp_waitable_lock);
	return found;
}

/*
 * DuplicateHandle: a second handle to the same object, to be closed on its
 * own. Given GetCurrentThread(), it yields a handle that names the calling
 * thread for everybody.
 *
 *	hSourceProcessHandle	this process; there is no other here
 *	hSourceHandle		the handle to duplicate
 *	hTargetProcessHandle	this process; not looked at if the target is
 *				NULL
 *	lpTargetHandle		receives the new handle; may be NULL with
 *				DUPLICATE_CLOSE_SOURCE
 *	dwDesiredAccess		not looked at: a handle gives every access
 *	bInheritHandle		not looked at
 *	dwOptions		DUPLICATE_SAME_ACCESS has nothing to add;
 *				DUPLICATE_CLOSE_SOURCE closes the source,
 *				even if the rest fails
 *
 * Fails:	FALSE; ERROR_INVALID_HANDLE for a bad source or a process
 *		that is not this one, ERROR_INVALID_PARAMETER without target,
 *		ERROR_NOT_ENOUGH_MEMORY.
 * Locks:	tp_waitable_lock.
 * Source:	KOBJ-02.
 */
BOOL WINAPI
DuplicateHandle(HANDLE hSourceProcessHandle, HANDLE hSourceHandle,
	HANDLE hTargetProcessHandle, LPHANDLE lpTargetHandle,
	DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwOptions)
{
	bool close_source = (dwOptions & DUPLICATE_CLOSE_SOURCE) != 0;
	struct tp_waitable *object;
	DWORD error = NO_ERROR;

	(void)dwDesiredAccess;
	(void)bInheritHandle;
	if (!names_this_process(hSourceProcessHandle)) {
		error = ERROR_INVALID_HANDLE;
		close_source = false;
	} else if (lpTargetHandle == NULL && !close_source) {
		error = ERROR_INVALID_PARAMETER;
	} else if (lpTargetHandle != NULL) {
		if (!names_this_process(hTargetProcessHandle))
			error = ERROR_INVALID_HANDLE;
		else if ((object = use_source(hSourceHandle, &error)) != NULL)
			error = duplicate(object, lpTargetHandle);
	}
	if (close_source && !CloseHandle(hSourceHandle))
		error = ERROR_INVALID_HANDLE;
	if (error != NO_ERROR)
		SetLastError(error);
	return error == NO_ERROR;
}
