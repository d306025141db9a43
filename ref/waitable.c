/* waitable.c - the life of a kernel object */
/* SPDX-License-Identifier: MIT */
/*
 * An object lives while a handle names it or something uses it: a wait, a
 * running thread, its creator until the first handle exists. So closing the
 * last handle of an event on which a thread is blocked does not pull the
 * event away from under that thread (KOBJ-01). Names go with the last
 * handle: another object may then be created under the same name.
 *
 * Interface: tp_waitable_new and tp_waitable_publish, the two halves of
 * every Create function; tp_waitable_use_locked and ..._unuse_locked;
 * tp_waitable_later_locked and tp_waitable_unlock.
 *
 * Invariant: an object with neither handles nor uses is in no list but that
 * of the things to do after unlocking, and nobody can find it any more.
 *
 * Locks: tp_waitable_lock.
 */
#include <stdlib.h>

#include "waitable.h"

/* Guarded by tp_waitable_lock. */
static struct tp_list names = TP_LIST_INIT(names);
static struct tp_list to_do = TP_LIST_INIT(to_do);

/* ---- What must wait until the lock is dropped ---- */

/* Has it performed by the next tp_waitable_unlock; once, if asked twice. */
void
tp_waitable_later_locked(struct tp_later *later)
{
	tp_assert_held(&tp_waitable_lock);
	if (tp_list_empty(&later->link))
		tp_list_append(&to_do, &later->link);
}

/*
 * Drops tp_waitable_lock and does what had to wait for that. One thing at a
 * time leaves the list, under the lock: a second thread that unlocks in the
 * meantime takes a share, and nothing is done twice. It may be what others have
 * asked for: a thread that is cancelled does all of it before.
 */
void
tp_waitable_unlock(void)
{
	struct tp_list *node;
	int before;

	while ((node = tp_list_first(&to_do)) != NULL) {
		struct tp_later *later =
			tp_container(node, struct tp_later, link);

		tp_list_remove(node);
		tp_unlock(&tp_waitable_lock);
		before = tp_cancel_later();
		later->perform(later);
		tp_cancel_again(before);
		tp_lock(&tp_waitable_lock);
	}
	tp_unlock(&tp_waitable_lock);
}

/* ---- Counting ---- */

static void
free_object(struct tp_later *later)
{
	struct tp_waitable *object =
		tp_container(later, struct tp_waitable, later);

	if (object->kind->end != NULL)
		object->kind->end(object);
	free(object->name);
	free(object);
}

/*
 * A handle or a use has gone: takes the name away with the last handle, and
 * has the object freed when nothing is left.
 */
void
tp_waitable_let_go_locked(struct tp_waitable *object)
{
	tp_assert_held(&tp_waitable_lock);
	if (object->handles > 0)
		return;
	tp_list_remove(&object->named);
	if (object->uses > 0)
		return;
	if (object->kind->retire != NULL)
		object->kind->retire(object);
	tp_waitable_later_locked(&object->later);
}

/* Keeps the object alive until tp_waitable_unuse_locked. */
void
tp_waitable_use_locked(struct tp_waitable *object)
{
	tp_assert_held(&tp_waitable_lock);
	object->uses++;
}

/* Ends a use. The object may be gone when the lock is dropped. */
void
tp_waitable_unuse_locked(struct tp_waitable *object)
{
	tp_assert_held(&tp_waitable_lock);
	object->uses--;
	tp_waitable_let_go_locked(object);
}

/* ---- Names ---- */

/* Writes the UTF-8 form of one code point; its length in bytes. */
static size_t
encode(char *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xC0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xE0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3F));
		to[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	to[0] = (char)(0xF0 | (c >> 18 & 0x07));
	to[1] = (char)(0x80 | (c >> 12 & 0x3F));
	to[2] = (char)(0x80 | (c >> 6 & 0x3F));
	to[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* A copy, in UTF-8, of whichever is given; NULL if out of memory. */
char *
tp_copy_name(LPCSTR name, LPCWSTR wide)
{
	size_t length = wide != NULL ? 4 * wcslen(wide) : strlen(name);
	char *copy = calloc(length + 1, 1), *end = copy;

	if (copy == NULL)
		return NULL;
	if (wide == NULL)
		return memcpy(copy, name, length);
	for (; *wide != L'\0'; wide++)
		end += encode(end, (uint32_t)*wide);
	return copy;
}

/* The object of that name, of any kind; NULL if there is none. */
static struct tp_waitable *
find_locked(const char *name)
{
	tp_assert_held(&tp_waitable_lock);
	for (struct tp_list *node = names.next; node != &names;
	    node = node->next) {
		struct tp_waitable *object =
			tp_container(node, struct tp_waitable, named);

		if (strcmp(object->name, name) == 0)
			return object;
	}
	return NULL;
}

/* ---- Creation ---- */

/* Prepares the common part, with one use: the creator's. */
void
tp_waitable_init(struct tp_waitable *object,
	const struct tp_waitable_kind *kind)
{
	object->kind = kind;
	object->uses = 1;
	tp_list_init(&object->blocks);
	tp_list_init(&object->named);
	object->later.perform = free_object;
	tp_list_init(&object->later.link);
}

/*
 * The first half of every Create function: memory for an object that nobody
 * can see yet, zeroed but for the common part.
 *
 *	size		of the kind's structure, bytes
 *	attributes	what the program passed; NULL: none
 *	name, wide	at most one is not NULL; empty is the same as none
 *
 * Fails: NULL, and sets the last error: ERROR_INVALID_PARAMETER if the
 * attributes carry a descriptor, ERROR_NOT_ENOUGH_MEMORY.
 */
void *
tp_waitable_new(size_t size, const struct tp_waitable_kind *kind,
	const SECURITY_ATTRIBUTES *attributes, LPCSTR name, LPCWSTR wide)
{
	bool named = (name != NULL && *name != '\0') ||
		(wide != NULL && *wide != L'\0');
	struct tp_waitable *object;

	/* Nothing here could keep the promise that a descriptor makes. */
	if (attributes != NULL && attributes->lpSecurityDescriptor != NULL) {
		SetLastError(ERROR_INVALID_PARAMETER);
		return NULL;
	}
	object = calloc(1, size);
	if (object != NULL && named)
		object->name = tp_copy_name(name, wide);
	if (object == NULL || (named && object->name == NULL)) {
		free(object);
		SetLastError(ERROR_NOT_ENOUGH_MEMORY);
		return NULL;
	}
	tp_waitable_init(object, kind);
	return object;
}

/*
 * The second half: a handle to the object, or to the one that has its name
 * already, and then this one is dropped. Ends the creator's use either way,
 * and sets the last error either way: to 0 for a new object, so that a
 * program can tell it from ERROR_ALREADY_EXISTS (KOBJ-16).
 *
 * Fails: NULL; ERROR_INVALID_HANDLE if the name belongs to another kind of
 * object, ERROR_NOT_ENOUGH_MEMORY.
 */
HANDLE
tp_waitable_publish(struct tp_waitable *object)
{
	struct tp_waitable *existing = NULL;
	HANDLE handle = NULL;
	DWORD error = NO_ERROR;

	tp_lock(&tp_waitable_lock);
	if (!tp_handle_room_locked()) {
		error = ERROR_NOT_ENOUGH_MEMORY;
		goto out;
	}
	if (object->name != NULL)
		existing = find_locked(object->name);
	if (existing == NULL) {
		if (object->name != NULL)
			tp_list_append(&names, &object->named);
		handle = tp_handle_new_locked(object);
	} else if (existing->kind != object->kind) {
		error = ERROR_INVALID_HANDLE;
	} else {
		handle = tp_handle_new_locked(existing);
		error = ERROR_ALREADY_EXISTS;
	}
out:
	tp_waitable_unuse_locked(object);
	tp_waitable_unlock();
	SetLastError(error);
	return handle;
}
